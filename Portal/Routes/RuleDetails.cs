using System.Text.Json;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Routes;

/// <summary>A routing rule as commands, lists and the audit show it.</summary>
public sealed record RuleDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its place, lowest first.</summary>
    public required int Position { get; init; }

    /// <summary>Its name; callers see it as <c>rule:name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>False: it is passed over.</summary>
    public required bool Enabled { get; init; }

    /// <summary>When it holds.</summary>
    public required RuleConditions When { get; init; }

    /// <summary>What it does.</summary>
    public required RuleAction Then { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static RuleDetails Of(RoutingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new()
        {
            Id = rule.Id, Position = rule.Position, Name = rule.Name, Enabled = rule.IsEnabled, CreatedAt = rule.CreatedAt, CreatedBy = rule.CreatedBy,
            When = JsonSerializer.Deserialize(rule.Conditions, RuleJson.Default.RuleConditions) ?? new(),
            Then = JsonSerializer.Deserialize(rule.Action, RuleJson.Default.RuleAction) ?? new(),
        };
    }
}
