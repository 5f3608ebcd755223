using System.Collections.Frozen;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Gateway.Content;

/// <summary>An organisation's content policies: a team's own decides as a whole, else the organisation's.</summary>
internal sealed class ContentPolicies
{
    /// <summary>There are none.</summary>
    public static readonly ContentPolicies None = new([]);

    private readonly FrozenDictionary<string, ContentTerms?> teams;
    private readonly ContentTerms? organisation;

    /// <summary>From the rows.</summary>
    public ContentPolicies(ContentRow[] rows)
    {
        organisation = rows.FirstOrDefault(row => row.Kind == ContentScopes.Organisation) is { } own ? ContentTerms.Of(own.Settings) : null;
        teams = rows.Where(row => row.Kind == ContentScopes.Team && row.Id is not null).ToFrozenDictionary(row => row.Id!, row => ContentTerms.Of(row.Settings), StringComparer.Ordinal);
        IsEmpty = organisation is null && teams.Values.All(terms => terms is null);
    }

    /// <summary>Whether nothing of the organisation is kept.</summary>
    public bool IsEmpty { get; }

    /// <summary>What holds for a team's requests; null = nothing of them is kept.</summary>
    public ContentTerms? For(string team) => IsEmpty ? null : teams.TryGetValue(team, out var own) ? own : organisation;
}
