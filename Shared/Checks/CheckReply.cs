namespace AspireGateway.Shared.Checks;

/// <summary>What came back from a check.</summary>
/// <param name="Answer">What it says of a text; null = nothing.</param>
/// <param name="Text">What it reads in a picture or hears in a sound; null = nothing.</param>
/// <param name="Fault">Why it says nothing.</param>
/// <param name="Status">Its HTTP status.</param>
internal sealed record CheckReply(CheckAnswer? Answer, string? Text, CheckFault Fault, int Status);

/// <summary>Why an answer of a check counts as none.</summary>
internal enum CheckFault
{
    /// <summary>It counts.</summary>
    None,

    /// <summary>Its status says no.</summary>
    Status,

    /// <summary>It is too large.</summary>
    TooLarge,

    /// <summary>It is not what its kind answers.</summary>
    NotUnderstood,
}
