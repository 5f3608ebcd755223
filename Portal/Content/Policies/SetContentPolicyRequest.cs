using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>The policy of a scope; what was set on it before is replaced.</summary>
public sealed record SetContentPolicyRequest
{
    /// <summary>What it is set on: <c>organisation</c> or <c>team</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a team by id or name; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What holds there.</summary>
    public ContentSettingsRequest? Settings { get; init; }
}

/// <summary>What is kept of a scope's texts.</summary>
public sealed record ContentSettingsRequest
{
    /// <summary><c>off</c>, <c>prompts</c>, <c>replies</c> or <c>both</c>.</summary>
    public string? Keep { get; init; }

    /// <summary><c>masked</c> (where it is missing): as guardrails left them; <c>sent</c>: as callers sent and saw them.</summary>
    public string? Text { get; init; }

    /// <summary>For how long, 1 to 3,650 days; missing = 30.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Share of requests, 0.0001 to 1; missing = all.</summary>
    public double? Sample { get; init; }

    /// <summary>Most bytes of a prompt and of a reply, each, 1,024 to 4,194,304; missing = 262,144.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>Whether a request whose texts could not be kept is refused with 503 before a provider is called; missing = false: it is served, and the loss is counted.</summary>
    public bool? Required { get; init; }

    /// <summary>Whether texts may stand in traces too, where the operator's switch says so; missing = false.</summary>
    public bool? Traces { get; init; }

    /// <summary>Of settings that are set; what is as usual is left out.</summary>
    public static ContentSettingsRequest Of(ContentSettings s) => new()
    {
        Keep = s.Keep, Text = s.Text, RetentionDays = s.RetentionDays, Sample = s.Sample, MaxBytes = s.MaxBytes, Required = s.Required ? true : null, Traces = s.Traces ? true : null,
    };
}
