namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>A digest that was made.</summary>
public sealed record DigestRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>What it says.</summary>
    public required DigestDocument Document { get; init; }
}
