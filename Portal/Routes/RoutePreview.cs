using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireGateway.Portal.Routes;

/// <summary>A request to look at: whose it would be, and its body.</summary>
public sealed record TryRouteRequest
{
    /// <summary>The key that it would be sent with.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>A chat request as an application would send it to <c>/v1/chat/completions</c>.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>The headers <c>x-gateway-feature</c>, <c>-user</c>, <c>-agent</c>, <c>-tags</c> and <c>-task</c> that it would have, by their last word.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

/// <summary>Where a request would go and why, as a gateway says; or what it would be refused with.</summary>
public sealed record RoutePreview
{
    /// <summary>The model that it would go to.</summary>
    public string? Model { get; init; }

    /// <summary>Why: <c>rule:name</c>, <c>default_model</c>, <c>ramp</c>, or the model's strategy.</summary>
    public string? RouteReason { get; init; }

    /// <summary>What it is about.</summary>
    public string? Task { get; init; }

    /// <summary>How sure that is, 0 to 1.</summary>
    public double? TaskConfidence { get; init; }

    /// <summary>Who says so: <c>declared</c>, <c>words</c> or <c>classifier</c>.</summary>
    public string? TaskSource { get; init; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Complexity { get; init; }

    /// <summary>Enabled rules in their order.</summary>
    public IReadOnlyList<PreviewedRule> Rules { get; init; } = [];

    /// <summary>Deployments in the order in which they would be tried.</summary>
    public IReadOnlyList<PreviewedCandidate> Candidates { get; init; } = [];

    /// <summary>The steps of a cascade; null = it is none.</summary>
    public PreviewedCascade? Cascade { get; init; }

    /// <summary>Who is ramped up because another one is left alone; null = nobody.</summary>
    public PreviewedRamp? Ramp { get; init; }

    /// <summary>Its likely cost in dollars.</summary>
    public string? ExpectedCostUsd { get; init; }

    /// <summary>Its cost in dollars at the very most.</summary>
    public string? WorstCaseCostUsd { get; init; }

    /// <summary>What it would be refused with; null = it would not. What is said besides is how it was planned until then.</summary>
    public PreviewedRefusal? Refusal { get; init; }
}

/// <summary>A deployment that stands in for one that is left alone, and is ramped up.</summary>
/// <param name="Deployment">Who is next.</param>
/// <param name="StandsInFor">Who is left alone.</param>
/// <param name="Share">The share of these requests that it gets now, 0 to 1; the others of the plan take the rest.</param>
/// <param name="Until">When it gets all of them.</param>
public sealed record PreviewedRamp(string Deployment, string StandsInFor, double Share, DateTimeOffset Until);

/// <summary>How a request would go through a cascade.</summary>
/// <param name="Threshold">The score from which an answer stands.</param>
/// <param name="Checks">What is looked at.</param>
/// <param name="Steps">The steps in their order.</param>
public sealed record PreviewedCascade(double Threshold, IReadOnlyList<string> Checks, IReadOnlyList<PreviewedStep> Steps);

/// <summary>A step of a cascade.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Deployment">Who is asked.</param>
/// <param name="ExpectedCostSoFarUsd">What the request probably has cost in dollars once it has answered.</param>
public sealed record PreviewedStep(int Step, string Deployment, string ExpectedCostSoFarUsd);

/// <summary>What a rule makes of a request.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Matched">Whether it holds.</param>
/// <param name="Decides">Whether it is the first that does.</param>
/// <param name="Failed">What keeps it from holding: the condition's field, or a reason.</param>
public sealed record PreviewedRule(string Name, bool Matched, bool Decides, string? Failed);

/// <summary>A deployment that is considered.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="Kept">Whether it would be tried.</param>
/// <param name="DroppedBecause">Why not.</param>
/// <param name="ExpectedCostUsd">The request's likely cost there, in dollars.</param>
/// <param name="Quality">How well it does the request's task.</param>
public sealed record PreviewedCandidate(string Deployment, string Provider, bool Kept, string? DroppedBecause, string? ExpectedCostUsd, PreviewedQuality? Quality = null);

/// <summary>How well a deployment does a request's task; without figures it is unproven.</summary>
/// <param name="Verdict"><c>clears_the_bar</c>, <c>below_the_bar</c> or <c>unproven</c>.</param>
/// <param name="Bar">What the lower bound has to reach.</param>
/// <param name="Mean">Mean score, 0 to 1.</param>
/// <param name="Lower">Lower end of its 95 % interval.</param>
/// <param name="Upper">Upper end of its 95 % interval.</param>
/// <param name="Samples">How many samples, or votes.</param>
/// <param name="Source">Where the figures come from: <c>import</c>, <c>benchmark</c> or <c>feedback</c>.</param>
public sealed record PreviewedQuality(string Verdict, double Bar, double? Mean, double? Lower, double? Upper, int? Samples, string? Source);

/// <summary>A refusal.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Its code.</param>
/// <param name="Message">What the caller would be told.</param>
public sealed record PreviewedRefusal(int Status, string? Code, string Message);

/// <summary>What a gateway's answer says of a refusal.</summary>
/// <param name="Error">The refusal; null = it is none.</param>
internal sealed record PreviewError(GatewayError? Error);

/// <summary>A gateway's refusal.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Message">What the caller would be told.</param>
internal sealed record GatewayError(string? Code, string? Message);

/// <summary>JSON of what a gateway answers; it may say more than is shown here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RoutePreview))]
[JsonSerializable(typeof(PreviewError))]
internal sealed partial class PreviewJson : JsonSerializerContext;
