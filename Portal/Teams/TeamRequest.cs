using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Teams;

/// <summary>A new team.</summary>
public sealed record CreateTeamRequest
{
    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Short name in addresses and metrics: lower case letters, digits, hyphens; unique; never changes. Missing = made from the name.</summary>
    public string? Slug { get; init; }

    /// <summary>Model patterns that its keys may use, e.g. <c>gpt-4o-mini</c> or <c>openai/*</c>; missing or empty = every model.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Region patterns in which its requests may be processed, e.g. <c>eu-*</c>; missing or empty = any region.</summary>
    public IReadOnlyList<string>? AllowedRegions { get; init; }

    /// <summary>The least that guardrails do for its requests: <c>standard</c> or <c>strict</c>; missing = as policies say.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>Model of requests that name none; missing = the organisation's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>A request that may cost more needs an approval, in dollars; this or <c>approval_threshold_nano_usd</c>; missing = none does.</summary>
    public UsdAmount? ApprovalThresholdUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request: <c>wait</c> or <c>cheaper</c>; missing = it waits.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model; with <c>cheaper</c> only.</summary>
    public string? ApprovalModel { get; init; }
}

/// <summary>New values of a team; what is missing becomes empty.</summary>
public sealed record UpdateTeamRequest
{
    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Model patterns that its keys may use; missing or empty = every model.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Region patterns in which its requests may be processed, e.g. <c>eu-*</c>; missing or empty = any region.</summary>
    public IReadOnlyList<string>? AllowedRegions { get; init; }

    /// <summary>The least that guardrails do for its requests: <c>standard</c> or <c>strict</c>; missing = as policies say.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>Model of requests that name none; missing = the organisation's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>A request that may cost more needs an approval, in dollars; this or <c>approval_threshold_nano_usd</c>; missing = none does.</summary>
    public UsdAmount? ApprovalThresholdUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request: <c>wait</c> or <c>cheaper</c>; missing = it waits.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model; with <c>cheaper</c> only.</summary>
    public string? ApprovalModel { get; init; }
}
