using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Portal.Scopes;

/// <summary>Which scopes to list.</summary>
public sealed record ScopeFilter
{
    /// <summary>Only what is set on this kind.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Only what is set on this one: its id, as in the answers, or the name of a user, feature, agent or model.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }

    internal const string Condition = "(@kind::text is null or s.scope_kind = @kind) and (@scope::text is null or s.scope_id = @scope)";

    internal Failure? Fault => string.IsNullOrEmpty(ScopeKind) || ScopeKinds.All.Contains(ScopeKind, StringComparer.Ordinal)
        ? null : new Failure.Invalid([new("scope_kind", $"scope_kind is one of {string.Join(", ", ScopeKinds.All)}.")]);

    // Ids are kept in one form; however the caller writes one, it is found.
    internal NpgsqlParameter[] Parameters =>
    [
        Sql.Text("kind", string.IsNullOrEmpty(ScopeKind) ? null : ScopeKind),
        Sql.Text("scope", string.IsNullOrEmpty(ScopeId) ? null : Guid.TryParse(ScopeId, out var id) && ScopeKind is ScopeKinds.Team or ScopeKinds.Key or ScopeKinds.Deployment ? id.ToString() : ScopeId),
    ];
}
