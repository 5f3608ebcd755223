using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Ledger;
using AspireGateway.Portal.Requests;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Contracts;
using Npgsql;

namespace AspireGateway.Portal.Budgets;

/// <summary>Reads one budget with everything that happened to it lately.</summary>
public sealed class BudgetPageQuery(
    BudgetsQuery budgets, BudgetStandingsQuery standings, BudgetHistoryQuery history, ScopeChoicesQuery choices, NpgsqlDataSource database, TimeProvider clock)
{
    private const int MaxRows = 20;

    // The index of refused requests is walked from its newest end; a budget that refused none of the last thousand has refused nothing lately.
    private const int MaxLookedAt = 1000;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    /// <summary>The budget's page.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The budget.</param>
    /// <param name="eventsAfter">Where the history of thresholds goes on; null = with the newest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<BudgetPageData>> RunAsync(Actor actor, Guid id, string? eventsAfter, CancellationToken cancellationToken)
    {
        var budget = await budgets.OneAsync(actor, id, cancellationToken);
        if (budget.Failure is { } refusal) return refusal;
        var stands = await standings.RunAsync(actor, [budget.Value], cancellationToken);
        var raises = await history.RaisesAsync(actor, id, null, MaxRows, cancellationToken);
        if (raises.Failure is { } noRaises) return noRaises;
        var events = await history.EventsAsync(actor, id, eventsAfter, MaxRows, cancellationToken);
        if (events.Failure is { } noEvents) return noEvents;
        // Whose requests they are is for those who see all of them: of a scope of their own, or the whole organisation's.
        var seesRequests = Permissions.Of(actor, Permission.SeeCosts) == Reach.Organisation || budget.Value.ScopeId is not null;
        var standing = stands.Standings[0];
        return new BudgetPageData
        {
            Standing = standing, Ledger = stands.Ledger, Raises = raises.Value.Items, Events = events.Value.Items, EventsNext = events.Value.Next,
            Holds = seesRequests && stands.Ledger is (LedgerState.Live or LedgerState.NotOpen) ? await HoldsAsync(standing.Running, cancellationToken) : null,
            Refusals = seesRequests ? await RefusalsAsync(actor, id, cancellationToken) : null,
            Choices = await choices.RunAsync(actor, Permission.ManageBudgets, cancellationToken),
            MayChange = ScopeChoicesQuery.MayTouch(actor, Permission.ManageBudgets, budget.Value.ScopeKind, budget.Value.ScopeId),
        };
    }

    private async Task<IReadOnlyList<HoldRow>> HoldsAsync(IReadOnlyList<LiveHold> running, CancellationToken cancellationToken)
    {
        var shown = running.Take(MaxRows).ToList();
        if (shown.Count == 0) return [];
        var names = (await database.ReadAsync("""
            select id, name from virtual_keys where id = any(@keys) union all select id, name from gateway_instances where id = any(@instances)
            """, r => (Id: r.GetGuid(0), Name: r.GetString(1)), cancellationToken,
            Sql.Ids("keys", [.. shown.Select(h => h.Record?.KeyId ?? Guid.Empty)]), Sql.Ids("instances", [.. shown.Select(h => h.Instance)])))
            .DistinctBy(n => n.Id).ToDictionary(n => n.Id, n => n.Name);
        return shown.ConvertAll(h => new HoldRow(
            h.Record?.RequestId ?? h.RecordId.ToString(), h.Record?.ArrivedAt, names.GetValueOrDefault(h.Record?.KeyId ?? Guid.Empty), h.Record?.Model,
            names.GetValueOrDefault(h.Instance), h.CostNanoUsd));
    }

    private async Task<IReadOnlyList<RefusalRow>> RefusalsAsync(Actor actor, Guid budget, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is not null) return [];
        var from = clock.GetUtcNow() - Lately;
        return await database.ReadAsync($"""
            select u.id, u.at, u.request_id, (select k.name from virtual_keys k where k.id = u.key_id), j.document::text
            from (
                select * from usage_records u where {Scope.OfUsage} and u.at >= @from and u.status = 'refused' order by u.at desc limit @looked
            ) u join journeys j on j.id = u.id and j.at = u.at and j.at >= @from
            where j.document -> 'refusal' ->> 'budget_id' = @budget
            order by u.at desc limit @limit
            """,
            r => new RefusalRow(
                r.GetGuid(0), r.GetFieldValue<DateTimeOffset>(1), r.GetString(2), r.Text(3),
                JsonSerializer.Deserialize(r.GetString(4), ContractsJson.Default.JourneyDocument)?.Refusal is { } refusal ? RefusalWords.Numbers(refusal) : ""),
            cancellationToken,
            [.. scope.Value.Parameters, Sql.Time("from", from), Sql.Number("looked", MaxLookedAt), Sql.Text("budget", budget.ToString()), Sql.Number("limit", MaxRows)]);
    }
}
