using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>A row of <c>routing_rules</c>; those that are disabled are not read.</summary>
internal sealed record RuleRow(Guid Id, string Name, string Conditions, string Action) : ICatalogRow
{
    /// <summary>Reads them in their order, the organisation's id first.</summary>
    public const string Query =
        "select organisation_id, id, name, conditions::text, action::text from routing_rules where organisation_id = any($1) and is_enabled order by position, id";
}

/// <summary>A row of <c>routing_tasks</c>.</summary>
internal sealed record TaskRow(Guid Id, string Name, string[] Words, string[] Patterns) : ICatalogRow
{
    /// <summary>Reads them by name, the organisation's id first.</summary>
    public const string Query = "select organisation_id, id, name, words, patterns from routing_tasks where organisation_id = any($1) order by name";
}
