using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Ledger;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using Npgsql;

namespace AspireGateway.Portal.Budgets;

/// <summary>Reads how budgets stand now: from the ledger in Redis, and what is settled from the request log while that is away.</summary>
public sealed partial class BudgetStandingsQuery(LedgerView ledger, NpgsqlDataSource database, TimeProvider clock, ILogger<BudgetStandingsQuery> logger)
{
    /// <summary>Most shares of a default budget that are told.</summary>
    public const int MaxShares = 20;

    // What cannot be summed in that time is said to be unknown: a page does not wait for a month of a large organisation.
    private static readonly TimeSpan LogTime = TimeSpan.FromSeconds(2);

    /// <summary>How these budgets stand. The actor has seen them before.</summary>
    public async Task<BudgetStandings> RunAsync(Actor actor, IReadOnlyList<BudgetRow> budgets, CancellationToken cancellationToken)
    {
        var zone = await ZoneAsync(actor, cancellationToken);
        var now = clock.GetUtcNow();
        var plain = budgets.Select(b => new BudgetStanding
        {
            Budget = b, At = now, CapNanoUsd = Math.Min(b.CapNanoUsd + b.RaisedNanoUsd, Budget.MaxCapNanoUsd),
            Window = BudgetWindow.Of(b.Period, now, b.ScopeKind == ScopeKinds.Global ? TimeZoneInfo.Utc : zone, b.CreatedAt),
        }).ToList();

        var own = await ReadAsync(actor, actor.OrganisationId ?? Guid.Empty, [.. plain.Where(s => s.Budget.ScopeKind != ScopeKinds.Global)], cancellationToken);
        var wide = await ReadAsync(actor, Guid.Empty, [.. plain.Where(s => s.Budget.ScopeKind == ScopeKinds.Global)], cancellationToken);
        var found = own.Standings.Concat(wide.Standings).ToDictionary(s => s.Budget.Id);
        // The worse of the two: each speaks for its own rows only, and the page says it once.
        return new(own.Standings.Count > 0 ? own.Ledger : wide.Ledger, now, [.. plain.Select(s => found[s.Budget.Id])]);
    }

    /// <summary>The field of a budget that has one scope, or of one's share.</summary>
    internal static string FieldOf(BudgetStanding standing, string? share = null) =>
        LedgerFields.OfBudget(standing.Budget.Id, LedgerFields.ScopeOf(standing.Budget.ScopeKind, share, share is not null), standing.Window.Start);

    private async Task<BudgetStandings> ReadAsync(Actor actor, Guid organisation, IReadOnlyList<BudgetStanding> plain, CancellationToken cancellationToken)
    {
        if (plain.Count == 0) return new(LedgerState.Live, clock.GetUtcNow(), []);
        // Whose shares they are is for those who see the whole organisation.
        var seesAll = Permissions.Of(actor, Permission.SeeBudgets) == Reach.Organisation;
        var reading = await ledger.ReadAsync(
            organisation, [.. plain.Where(s => !s.IsDefault).Select(s => FieldOf(s))],
            seesAll ? [.. plain.Where(s => s.IsDefault).Select(s => (s.Budget.Id, s.Window.Start))] : []);
        if (reading.State != LedgerState.Live)
        {
            var logged = await FromLogAsync(organisation, plain, cancellationToken);
            // Where nothing was counted yet, nothing is held either.
            return new(reading.State, reading.At, reading.State == LedgerState.NotOpen ? [.. logged.Select(s => s.IsDefault ? s : s with { HeldNanoUsd = 0, Holds = 0 })] : logged);
        }

        var standings = new List<BudgetStanding>(plain.Count);
        foreach (var standing in plain)
        {
            if (!standing.IsDefault)
            {
                var field = FieldOf(standing);
                var meter = reading.Meters.GetValueOrDefault(field);
                List<LiveHold> running = [.. reading.Holds.Where(h => h.Budgets.Contains(field, StringComparer.Ordinal))];
                standings.Add(standing with
                {
                    SettledNanoUsd = meter.SettledNanoUsd, HeldNanoUsd = meter.HeldNanoUsd, Holds = reading.IsWhole ? running.Count : null, Running = running,
                });
            }
            else standings.Add(seesAll ? await WithSharesAsync(standing, reading, cancellationToken) : standing);
        }
        return new(LedgerState.Live, reading.At, standings);
    }

    private async Task<BudgetStanding> WithSharesAsync(BudgetStanding standing, LedgerReading reading, CancellationToken cancellationToken)
    {
        var prefix = FieldOf(standing) + standing.Budget.ScopeKind + "=";
        var all = reading.Meters.Where(m => m.Key.StartsWith(prefix, StringComparison.Ordinal) && m.Value is not { SettledNanoUsd: 0, HeldNanoUsd: 0 }).ToList();
        var top = all.OrderByDescending(m => m.Value.SettledNanoUsd + m.Value.HeldNanoUsd).ThenBy(m => m.Key, StringComparer.Ordinal).Take(MaxShares)
            .Select(m => (Id: m.Key[prefix.Length..], m.Value)).ToList();
        var (names, raises) = await NamesAsync(standing, [.. top.Select(t => t.Id)], cancellationToken);
        var shares = top.ConvertAll(t => new BudgetShare(
            t.Id, names.GetValueOrDefault(t.Id), t.Value.SettledNanoUsd, t.Value.HeldNanoUsd, Math.Min(standing.CapNanoUsd + raises.GetValueOrDefault(t.Id), Budget.MaxCapNanoUsd)));
        return standing with
        {
            Running = [.. reading.Holds.Where(h => h.Budgets.Any(b => b.StartsWith(prefix, StringComparison.Ordinal)))], ShareCount = reading.IsWhole ? all.Count : null, Shares = shares, SettledNanoUsd = shares is [var first, ..] ? first.SettledNanoUsd : 0,
            HeldNanoUsd = shares is [var same, ..] ? same.HeldNanoUsd : 0,
        };
    }

    private async Task<(Dictionary<string, string> Names, Dictionary<string, long> Raises)> NamesAsync(BudgetStanding standing, string[] ids, CancellationToken cancellationToken)
    {
        var (names, raises) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        if (ids.Length == 0) return (names, raises);
        var rows = await database.ReadAsync("""
            select x.id,
                case @kind
                    when 'team' then (select t.name from teams t where t.id::text = x.id)
                    when 'key' then (select k.name from virtual_keys k where k.id::text = x.id)
                    else x.id
                end,
                (select coalesce(sum(r.amount_nano_usd), 0)::bigint from budget_raises r where r.budget_id = @budget and r.scope_id = x.id and r.until > @now)
            from unnest(@ids) as x (id)
            """, r => (Id: r.GetString(0), Name: r.Text(1), Raised: r.GetInt64(2)), cancellationToken,
            Sql.Text("kind", standing.Budget.ScopeKind), new("ids", ids), Sql.Id("budget", standing.Budget.Id), Sql.Time("now", standing.At));
        foreach (var (id, name, raised) in rows)
        {
            if (name is not null) names[id] = id == LedgerFields.OtherNames ? "all others together" : name;
            raises[id] = raised;
        }
        return (names, raises);
    }

    // One budget after another: the first that is too slow ends it, and the rest is unknown.
    private async Task<IReadOnlyList<BudgetStanding>> FromLogAsync(Guid organisation, IReadOnlyList<BudgetStanding> plain, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LogTime);
        var standings = plain.ToList();
        try
        {
            for (var i = 0; i < standings.Count; i++)
                if (!standings[i].IsDefault) standings[i] = standings[i] with { SettledNanoUsd = await SumAsync(organisation, standings[i], patience.Token), IsFromLog = true };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.LogTooSlow(logger, LogTime.TotalSeconds);
        }
        return standings;
    }

    private async Task<long> SumAsync(Guid organisation, BudgetStanding standing, CancellationToken cancellationToken)
    {
        // Ids are compared as what they are, so that their index serves.
        var condition = standing.Budget.ScopeKind switch
        {
            ScopeKinds.Team => "u.team_id = @scope::uuid",
            ScopeKinds.Key => "u.key_id = @scope::uuid",
            ScopeKinds.User => "u.user_id = @scope",
            ScopeKinds.Feature => "u.feature = @scope",
            ScopeKinds.Agent => "u.agent = @scope",
            ScopeKinds.Model => "u.model = @scope",
            _ => "@scope::text is null",
        };
        var rows = await database.ReadAsync($"""
            select coalesce(sum(u.cost_nano_usd), 0)::bigint from usage_records u
            where u.at >= @from and (@organisation = '00000000-0000-0000-0000-000000000000' or u.organisation_id = @organisation) and {condition}
            """, r => r.GetInt64(0), cancellationToken,
            Sql.Time("from", standing.Window.Start), Sql.Id("organisation", organisation), Sql.Text("scope", standing.Budget.ScopeId));
        return rows[0];
    }

    private async Task<TimeZoneInfo> ZoneAsync(Actor actor, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            "select time_zone from organisations where id = @id", r => r.GetString(0), cancellationToken, Sql.Id("id", actor.OrganisationId ?? Guid.Empty));
        return Moment.Zone(rows is [var name] ? name : null);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The request log could not be summed within {Seconds} s; budgets are shown without what they have spent.")]
        public static partial void LogTooSlow(ILogger logger, double seconds);
    }
}
