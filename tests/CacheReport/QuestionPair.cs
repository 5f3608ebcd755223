namespace AspireGateway.CacheReport;

/// <summary>Two questions, and whether one answer fits both.</summary>
/// <param name="Kept">The one that was answered.</param>
/// <param name="Asked">The one that is asked.</param>
/// <param name="Bond">What they have in common.</param>
/// <param name="IsHeldOut">Whether its family was written after word lists and thresholds were settled.</param>
internal sealed record QuestionPair(string Kept, string Asked, QuestionBond Bond, bool IsHeldOut);

/// <summary>What two questions have in common.</summary>
internal enum QuestionBond
{
    /// <summary>They ask the same with the same words in other forms.</summary>
    SameWords,

    /// <summary>They ask the same in other words.</summary>
    OtherWords,

    /// <summary>They look alike and ask for something else.</summary>
    NearMiss,
}
