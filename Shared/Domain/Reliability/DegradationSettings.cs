using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Reliability;

/// <summary>What callers of a model get when nobody is left to ask.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DegradationSettings
{
    /// <summary>One of <see cref="DegradationActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>With <see cref="DegradationActions.Canned"/>: the answer, 1 to 4,000 characters.</summary>
    public string? Text { get; init; }
}

/// <summary>Actions of <see cref="DegradationSettings"/>.</summary>
public static class DegradationActions
{
    /// <summary>The last failure is told; also where nothing is set.</summary>
    public const string Error = "error";

    /// <summary>A text that somebody wrote is the answer.</summary>
    public const string Canned = "canned";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Error, Canned];
}
