using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Usage;

/// <summary>Lists what requests name (features, agents, end users) with its use, limits and budgets; sums of the rows of one page only are made.</summary>
internal sealed class NamedUsageQuery(UsageReader usage, NpgsqlDataSource database, BudgetsQuery budgets, BudgetStandingsQuery standings, TimeProvider clock)
{
    /// <summary>A page by name.</summary>
    public async Task<Result<Page<NamedUsage>>> RunAsync(Actor actor, NamesQuestion question, NamesFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        if (!SeenNames.TryRead(filter.After, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        List<(string Name, DateOnly? Day)> names;
        Dictionary<string, UsageSums> sums;
        await using (var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken))
        {
            names = await SeenNames.ReadAsync(look, scope.Value, question, filter.Search, after, limit, clock.GetUtcNow(), cancellationToken);
            sums = await SumsAsync(look, scope.Value, question.Facet, [.. names.Take(limit).Select(n => n.Name)], cancellationToken);
        }
        var page = PageSize.Page(names, limit, n => SeenNames.Cursor(n.Name));
        return new Page<NamedUsage>(await WholeAsync(actor, question.Facet, page.Items, sums, cancellationToken), page.Next);
    }

    /// <summary>One by its exact name, whether a request named it or not.</summary>
    public async Task<Result<NamedUsage>> OneAsync(Actor actor, Facet facet, string name, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        List<(string Name, DateOnly? Day)> found;
        Dictionary<string, UsageSums> sums;
        await using (var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken))
        {
            var first = await SeenNames.ReadAsync(look, scope.Value, new(facet), name, "", 1, clock.GetUtcNow(), cancellationToken);
            found = first is [var (same, day), ..] && string.Equals(same, name, StringComparison.Ordinal) ? [(name, day)] : [(name, null)];
            sums = await SumsAsync(look, scope.Value, facet, [name], cancellationToken);
        }
        return (await WholeAsync(actor, facet, found, sums, cancellationToken))[0];
    }

    // The end is the end of today: the running day then comes from the roll-ups too, and what they lack from the records that came since.
    private async Task<Dictionary<string, UsageSums>> SumsAsync(UsageLook look, Scope scope, Facet facet, string[] names, CancellationToken cancellationToken)
    {
        if (names.Length == 0) return [];
        var now = clock.GetUtcNow();
        var month = new UsageQuestion
        {
            Scope = scope, Group = facet, Groups = names, From = BudgetWindow.Of(BudgetPeriods.Monthly, now, look.Zone, now).Start, To = BudgetWindow.StartOf(look.Day(now).AddDays(1), look.Zone),
        };
        return (await look.GroupsAsync(month, names.Length, cancellationToken)).ToDictionary(g => g.Group, g => g.Sums, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<NamedUsage>> WholeAsync(
        Actor actor, Facet facet, IReadOnlyList<(string Name, DateOnly? Day)> names, Dictionary<string, UsageSums> sums, CancellationToken cancellationToken)
    {
        string[] ids = [.. names.Select(n => n.Name)];
        var (limits, own) = await BoundsAsync(actor, facet.Name, ids, cancellationToken);
        return [.. names.Select(n =>
        {
            var used = sums.GetValueOrDefault(n.Name) ?? UsageSums.None;
            return new NamedUsage
            {
                Name = n.Name, Requests = used.Requests, CostNanoUsd = used.CostNanoUsd, CostUsd = UsdAmount.Text(used.CostNanoUsd), LastSeenOn = n.Day,
                Limits = limits is null ? null : limits.GetValueOrDefault(n.Name), Budgets = own is null ? null : [.. own[n.Name]],
            };
        })];
    }

    // Facets and kinds of scopes have the same names here.
    private async Task<(Dictionary<string, int>? Limits, ILookup<string, NamedBudget>? Budgets)> BoundsAsync(Actor actor, string kind, string[] names, CancellationToken cancellationToken)
    {
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is not null) return (null, null);
        if (names.Length == 0) return ([], Array.Empty<NamedBudget>().ToLookup(_ => ""));
        var limits = await database.ReadAsync(
            $"select s.scope_id, count(*)::int from limits s where {ScopeSight.Condition} and s.scope_kind = @kind and s.scope_id = any(@names) group by 1",
            r => (Name: r.GetString(0), Count: r.GetInt32(1)), cancellationToken,
            [.. sight.Value, Sql.Text("kind", kind), new("names", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = names }]);
        var rows = await budgets.OfAsync(actor, kind, names, cancellationToken);
        if (rows.Failure is not null) return (null, null);
        var stands = rows.Value.Count == 0 ? [] : (await standings.RunAsync(actor, rows.Value, cancellationToken)).Standings;
        return (limits.ToDictionary(l => l.Name, l => l.Count, StringComparer.Ordinal),
            stands.ToLookup(s => s.Budget.ScopeId!, s => new NamedBudget(s.Budget.Id, s.Budget.Period, s.CapNanoUsd, s.SettledNanoUsd, s.HeldNanoUsd), StringComparer.Ordinal));
    }
}
