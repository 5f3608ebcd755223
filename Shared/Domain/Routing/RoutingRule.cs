namespace AspireGateway.Shared.Domain.Routing;

/// <summary>A rule that sends requests somewhere; an organisation's rules are asked in their order, and the first that holds decides.</summary>
public sealed class RoutingRule
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Its place, lowest first.</summary>
    public int Position { get; set; }

    /// <summary>Its name, unique in the organisation; callers see it as <c>rule:name</c>.</summary>
    public required string Name { get; set; }

    /// <summary>False: it is passed over.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>When it holds: <see cref="RuleConditions"/> as JSON.</summary>
    public required string Conditions { get; set; }

    /// <summary>What it does: <see cref="RuleAction"/> as JSON.</summary>
    public required string Action { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}
