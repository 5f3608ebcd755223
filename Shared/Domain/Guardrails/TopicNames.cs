namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>Topics that the gateway knows by itself.</summary>
public static class TopicNames
{
    /// <summary>What types of findings begin with; the name follows, in upper case.</summary>
    public const string TypePrefix = "TOPIC_";

    /// <summary>Most topics of one lexicon.</summary>
    public const int Most = 30;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> BuiltIn =
        ["politics", "religion", "health", "law", "investing", "gambling", "relationships", "sports", "entertainment", "programming", "cooking", "travel"];
}
