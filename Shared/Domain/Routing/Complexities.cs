namespace AspireGateway.Shared.Domain.Routing;

/// <summary>How much a request asks of a model.</summary>
public static class Complexities
{
    /// <summary>Short and plain.</summary>
    public const string Low = "low";

    /// <summary>In between.</summary>
    public const string Medium = "medium";

    /// <summary>Long, with code, tools, many turns or words of hard thinking.</summary>
    public const string High = "high";

    /// <summary>All of them, ascending.</summary>
    public static readonly IReadOnlyList<string> All = [Low, Medium, High];
}
