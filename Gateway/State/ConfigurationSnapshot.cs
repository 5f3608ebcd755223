using System.Collections.Frozen;
using AspireGateway.Gateway.State.Spending;

namespace AspireGateway.Gateway.State;

/// <summary>The whole configuration at one revision. Immutable: a request keeps the one it started with, a change makes a new one.</summary>
internal sealed class ConfigurationSnapshot
{
    /// <summary>The revision in Postgres that this equals.</summary>
    public required long Revision { get; init; }

    /// <summary>When that revision was made, by the clock of its writer; null = it touched nothing. Tells this revision from one of the same number in a restored database.</summary>
    public DateTimeOffset? RevisionAt { get; init; }

    /// <summary>When it was read from Postgres (also for one that came from disk).</summary>
    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>
    /// True when it was read from the last-good file because Postgres could not be reached. A key that it does not know may well exist: that is answered
    /// with 503, never with 401.
    /// </summary>
    public bool FromDisk { get; init; }

    /// <summary>Every organisation by id.</summary>
    public required FrozenDictionary<Guid, OrganisationSnapshot> Organisations { get; init; }

    /// <summary>Every virtual key by its hash.</summary>
    public required KeyIndex Keys { get; init; }

    /// <summary>Limits, budgets, tiers, stops and approvals by scope.</summary>
    public required SpendingIndex Spending { get; init; }

    /// <summary>How often usage records that a ledger counts were priced anew; grows only.</summary>
    /// <param name="organisation">Whose ledger; all zeros = the installation's, which counts everybody's.</param>
    public long RewritesOf(Guid organisation)
    {
        if (organisation != Guid.Empty) return Organisations.GetValueOrDefault(organisation)?.BooksRewritten ?? 0;
        var most = 0L;
        foreach (var one in Organisations.Values) most = Math.Max(most, one.BooksRewritten);
        return most;
    }
}
