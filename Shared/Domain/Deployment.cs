namespace AspireGateway.Shared.Domain;

/// <summary>One model at one provider, with the credential, region and price that go with it. What a request is in the end sent to.</summary>
public sealed class Deployment
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Name in headers, metrics and routes; unique in the organisation.</summary>
    public required string Name { get; set; }

    /// <summary>Where it runs.</summary>
    public Guid ProviderId { get; set; }

    /// <summary>The first of the keys that it is called with; null for providers that need none.</summary>
    public Guid? CredentialId { get; set; }

    /// <summary>Further keys of the same provider that its requests are spread over, in their order; empty = there is one at most.</summary>
    public Guid[] MoreCredentialIds { get; set; } = [];

    /// <summary>The provider's own name of the model.</summary>
    public required string UpstreamModel { get; set; }

    /// <summary>Region in which the request is processed, e.g. <c>eu</c>; null = unknown.</summary>
    public string? Region { get; set; }

    /// <summary>Longest prompt and answer together, in tokens; null = unknown.</summary>
    public int? ContextTokens { get; set; }

    /// <summary>Longest answer, in tokens; null = unknown.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>What its model can do, of <see cref="AbilityNames"/>; null = nobody said.</summary>
    public string[]? Abilities { get; set; }

    /// <summary>When it is left alone, and what was done by hand; null = as the gateway has it.</summary>
    public Reliability.BreakerSettings? Breaker { get; set; }

    /// <summary>False takes it out of every plan without deleting it.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>All keys that its requests are spread over, in their order.</summary>
    public Guid[] CredentialIds() => CredentialId is { } first ? [first, .. MoreCredentialIds] : MoreCredentialIds;

    /// <summary>Sets them.</summary>
    public void SetCredentials(IReadOnlyList<Guid> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        (CredentialId, MoreCredentialIds) = (ids.Count > 0 ? ids[0] : null, [.. ids.Skip(1)]);
    }
}
