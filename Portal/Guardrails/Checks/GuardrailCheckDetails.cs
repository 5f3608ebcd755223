using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>A check as commands, lists and the audit show it: without its secret.</summary>
public sealed record GuardrailCheckDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name by which policies name it.</summary>
    public required string Name { get; init; }

    /// <summary>Of <see cref="GuardrailCheckKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The whole address that is posted to.</summary>
    public required string Url { get; init; }

    /// <summary>The model that it is asked for; null = none is named.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it may be in a private network.</summary>
    public required bool IsPrivate { get; init; }

    /// <summary>Whether it has a secret.</summary>
    public required bool HasSecret { get; init; }

    /// <summary>How long an answer is waited for, in milliseconds.</summary>
    public required int TimeLimitMs { get; init; }

    /// <summary>Of <see cref="GuardrailFailPolicies"/>.</summary>
    public required string OnError { get; init; }

    /// <summary>Of <see cref="GuardrailCheckTexts"/>.</summary>
    public required string AppliesTo { get; init; }

    /// <summary>Longest text that it can look at.</summary>
    public required int MaxCharacters { get; init; }

    /// <summary>Regions in which it processes.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static GuardrailCheckDetails Of(GuardrailCheck c) => new()
    {
        Id = c.Id, Name = c.Name, Kind = c.Kind, Url = c.Url, Model = c.Model, IsPrivate = c.IsPrivate, HasSecret = c.SecretEnvelope is not null, TimeLimitMs = c.TimeLimitMs, OnError = c.OnError,
        AppliesTo = c.AppliesTo, MaxCharacters = c.MaxCharacters, Regions = c.Regions, CreatedAt = c.CreatedAt, CreatedBy = c.CreatedBy,
    };
}
