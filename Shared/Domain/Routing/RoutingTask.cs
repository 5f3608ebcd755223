namespace AspireGateway.Shared.Domain.Routing;

/// <summary>A task of an organisation's own, found by words or patterns in the user's last message before the classifier is asked.</summary>
public sealed class RoutingTask
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Its label in rules and records; unique in the organisation.</summary>
    public required string Name { get; set; }

    /// <summary>Words and phrases, as in <see cref="RuleConditions.AnyWords"/>.</summary>
    public string[] Words { get; set; } = [];

    /// <summary>Patterns, as in <see cref="RuleConditions.Pattern"/>.</summary>
    public string[] Patterns { get; set; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}
