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

    /// <summary>A kept reply to the same question that is past its time is the answer, where the cache policy keeps such; else the last failure is told.</summary>
    public const string Stale = "stale_cache";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Error, Canned, Stale];
}
