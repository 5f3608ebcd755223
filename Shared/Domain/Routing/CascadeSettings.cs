using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Routing;

/// <summary>A cascade: which deployments are asked one after the other, and when an answer is good enough. What is missing is as usual.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CascadeSettings
{
    /// <summary>Usual <see cref="Bar"/>.</summary>
    public const double DefaultThreshold = 0.8;

    /// <summary>Deployments of the model in the order of the steps; empty = all of them by position. Others stand behind, for when a step fails.</summary>
    // Generated readers of JSON assign what is missing, too: an initial value would be lost.
    public IReadOnlyList<Guid> Steps { get => field ?? []; init; }

    /// <summary>The score from which an answer stands, 0 to 1.</summary>
    public double? Threshold { get; init; }

    /// <summary>What is looked at, of <see cref="CascadeChecks"/>; empty = all.</summary>
    public IReadOnlyList<string> Checks { get => field ?? []; init; }

    /// <summary>Fewest characters of an answer without tool calls, 1 to 100,000; null = 1.</summary>
    public int? MinCharacters { get; init; }

    /// <summary>A model that scores answers which pass everything else; null = none.</summary>
    public CascadeJudge? Judge { get; init; }

    /// <summary>The threshold that holds.</summary>
    [JsonIgnore]
    public double Bar => Threshold ?? DefaultThreshold;

    /// <summary>Whether something is looked at.</summary>
    public bool Looks(string check) => Checks.Count == 0 || Checks.Contains(check, StringComparer.Ordinal);
}

/// <summary>A model that scores answers.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CascadeJudge
{
    /// <summary>A logical model, or <c>provider/model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>What makes an answer good, at most 2,000 characters.</summary>
    public required string Rubric { get; init; }
}

/// <summary>What the gate of a cascade looks at besides a judge.</summary>
public static class CascadeChecks
{
    /// <summary>Cut off at the cap, or by the provider's filter.</summary>
    public const string FinishReason = "finish_reason";

    /// <summary>The model refused, in its protocol or in so many words.</summary>
    public const string Refusal = "refusal";

    /// <summary>Shorter than it must be.</summary>
    public const string Length = "length";

    /// <summary>Not the JSON that the request asks for.</summary>
    public const string Schema = "schema";

    /// <summary>The model itself was not sure, where it tells log probabilities.</summary>
    public const string Logprobs = "logprobs";

    /// <summary>All of them, in the order in which they are looked at.</summary>
    public static IReadOnlyList<string> All { get; } = [FinishReason, Refusal, Length, Schema, Logprobs];
}
