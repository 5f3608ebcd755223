using System.Globalization;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>Makes a digest from the roll-ups, and from what is written down of alerts, votes, benchmarks and the audit. One look, so that its sums agree.</summary>
internal sealed class DigestReader(UsageReader usage, TimeProvider clock)
{
    private const int Rows = 10;

    /// <summary>The digest of a day or a week.</summary>
    public async Task<DigestDocument> ReadAsync(Guid organisation, string slug, string period, DateOnly from, CancellationToken cancellationToken)
    {
        await using var look = await usage.OpenAsync(organisation, cancellationToken);
        var to = DigestPeriods.End(period, from);
        var days = to.DayNumber - from.DayNumber + 1;
        var question = new UsageQuestion { Scope = new Scope(organisation, null, null), From = BudgetWindow.StartOf(from, look.Zone), To = BudgetWindow.StartOf(to.AddDays(1), look.Zone) };
        var before = question with { From = BudgetWindow.StartOf(from.AddDays(-days), look.Zone), To = question.From };
        List<DigestSection> sections = [await TotalAsync(look, question, before, cancellationToken)];
        if (period == DigestPeriods.Daily)
        {
            sections.Add(await CostsAsync(look, "Costs by key", "key", question, before, cancellationToken));
            sections.Add(await CostsAsync(look, "Costs by agent", "agent", question, before, cancellationToken));
            sections.Add(await SharesAsync(look, "Where requests went", "deployment", question, cancellationToken));
            sections.Add(await TokensAsync(look, "Tokens by model", "model", question, cancellationToken));
            sections.Add(await TokensAsync(look, "Tokens by task", "task", question, cancellationToken));
        }
        else
        {
            sections.Add(await CostsAsync(look, "Costs by team", "team", question, before, cancellationToken));
            sections.Add(await CostsAsync(look, "Costs by feature", "feature", question, before, cancellationToken));
            sections.Add(await CostsAsync(look, "Costs by model", "model", question, before, cancellationToken));
            sections.Add(await QualityAsync(look, organisation, question, before, cancellationToken));
            sections.Add(await BenchmarksAsync(look, organisation, question, cancellationToken));
            sections.Add(await ComplianceAsync(look, organisation, question, cancellationToken));
        }
        sections.Add(await AlertsAsync(look, organisation, question, cancellationToken));
        return new() { Period = period, Organization = slug, From = from, To = to, TimeZone = look.ZoneName, Sections = sections };
    }

    private static async Task<DigestSection> TotalAsync(UsageLook look, UsageQuestion question, UsageQuestion before, CancellationToken cancellationToken)
    {
        var (now, then) = (await look.TotalAsync(question, cancellationToken), await look.TotalAsync(before, cancellationToken));
        string[] Row(string name, Func<UsageSums, string> value) => [name, value(now), value(then)];
        return new()
        {
            Title = "In short", Columns = ["Figure", "Now", "Before"],
            Rows =
            [
                Row("Requests", s => Quantity.Exact(s.Requests)), Row("Cost", s => Money.Text(s.CostNanoUsd)), Row("Failed", s => Share(s.Errors, s.Requests)), Row("Refused", s => Share(s.Refused, s.Requests)),
                Row("Answered by the cache", s => Share(s.CacheHits, s.Requests - s.Refused)), Row("Saved by the cache", s => Money.Text(s.SavedNanoUsd)), Row("Paid without a whole answer", s => Money.Text(s.WastedNanoUsd)),
            ],
        };
    }

    private static async Task<DigestSection> CostsAsync(UsageLook look, string title, string facet, UsageQuestion question, UsageQuestion before, CancellationToken cancellationToken)
    {
        var by = Facet.Of(facet)!;
        var top = await look.GroupsAsync(question with { Group = by }, Rows, cancellationToken);
        string[] groups = [.. top.Select(t => t.Group)];
        var then = (await look.GroupsAsync(before with { Group = by, Groups = groups }, Rows, cancellationToken)).ToDictionary(g => g.Group, g => g.Sums.CostNanoUsd, StringComparer.Ordinal);
        var names = await UsageNames.OfAsync(look, by, groups, cancellationToken);
        return new()
        {
            Title = title, Columns = [Capital(facet), "Cost", "Change", "Requests"], Note = top.Count == 0 ? "No requests." : top.Count == Rows ? $"The {Rows} dearest." : null,
            Rows = [.. top.Select(t => (string[])[Name(t.Group, names), Money.Text(t.Sums.CostNanoUsd), Change(t.Sums.CostNanoUsd, then.GetValueOrDefault(t.Group)), Quantity.Exact(t.Sums.Requests)])],
        };
    }

    private static async Task<DigestSection> SharesAsync(UsageLook look, string title, string facet, UsageQuestion question, CancellationToken cancellationToken)
    {
        var total = (await look.TotalAsync(question, cancellationToken)).Requests;
        var top = await look.BusiestAsync(question with { Group = Facet.Of(facet)! }, perDay: true, Rows, cancellationToken);
        return new()
        {
            Title = title, Columns = [Capital(facet), "Requests", "Share", "Failed"], Note = top.Count == 0 ? "No requests." : null,
            Rows = [.. top.Select(t => (string[])[t.Group.Length == 0 ? "none (refused, or from the cache)" : t.Group, Quantity.Exact(t.Sums.Requests), Share(t.Sums.Requests, total), Share(t.Sums.Errors, t.Sums.Requests)])],
        };
    }

    private static async Task<DigestSection> TokensAsync(UsageLook look, string title, string facet, UsageQuestion question, CancellationToken cancellationToken)
    {
        var top = await look.GroupsAsync(question with { Group = Facet.Of(facet)! }, Rows, cancellationToken);
        return new()
        {
            Title = title, Columns = [Capital(facet), "Tokens in", "Tokens out", "Cost"], Note = top.Count == 0 ? "No requests." : null,
            Rows = [.. top.Select(t => (string[])[
                t.Group.Length == 0 ? "none" : t.Group, Quantity.Exact(t.Sums.InputTokens + t.Sums.CacheReadTokens + t.Sums.CacheWriteTokens), Quantity.Exact(t.Sums.OutputTokens), Money.Text(t.Sums.CostNanoUsd)])],
        };
    }

    private static async Task<DigestSection> QualityAsync(UsageLook look, Guid organisation, UsageQuestion question, UsageQuestion before, CancellationToken cancellationToken)
    {
        var rows = await look.RowsAsync("""
            select coalesce(task, ''), count(*) filter (where at >= @from), avg(score) filter (where at >= @from), avg(score) filter (where at < @from) from feedback
            where organisation_id = @organisation and usage_id is not null and at >= @before and at < @to group by 1 having count(*) filter (where at >= @from) > 0 order by 2 desc, 1 limit 10
            """, r => (string[])[r.GetString(0) is { Length: > 0 } task ? task : "none", Quantity.Exact(r.GetInt64(1)), Score(r, 2), Score(r, 3)],
            [Sql.Id("organisation", organisation), Sql.Time("from", question.From), Sql.Time("to", question.To), Sql.Time("before", before.From)], cancellationToken);
        return new() { Title = "Quality by task", Columns = ["Task", "Votes", "Score", "Before"], Rows = rows, Note = rows.Count == 0 ? "Nobody voted." : null };
    }

    private static async Task<DigestSection> BenchmarksAsync(UsageLook look, Guid organisation, UsageQuestion question, CancellationToken cancellationToken)
    {
        var rows = await look.RowsAsync("""
            select r.models[b.model + 1], s.name, avg(b.score), sum(b.cost_nano_usd)::bigint from benchmark_runs r join benchmark_sets s on s.id = r.set_id join benchmark_results b on b.run_id = r.id
            where r.organisation_id = @organisation and r.status = 'done' and r.ended_at >= @from and r.ended_at < @to group by r.id, b.model, r.models, s.name order by r.id desc, 1 limit 20
            """, r => (string[])[r.Text(0) ?? "", r.GetString(1), Score(r, 2), Money.Text(r.GetInt64(3))],
            [Sql.Id("organisation", organisation), Sql.Time("from", question.From), Sql.Time("to", question.To)], cancellationToken);
        return new() { Title = "Benchmarks that ended", Columns = ["Model", "Samples", "Score", "Cost"], Rows = rows, Note = rows.Count == 0 ? "No benchmark ended." : null };
    }

    private static async Task<DigestSection> ComplianceAsync(UsageLook look, Guid organisation, UsageQuestion question, CancellationToken cancellationToken)
    {
        var rows = await look.RowsAsync("""
            select what, count from (
                select 0 as place, 'Requests in which ' || replace(g, '_', ' ') || ' was found' as what, count(*) as count from usage_records u, unnest(u.guardrails_triggered) g
                where u.organisation_id = @organisation and u.at >= @from and u.at < @to and cardinality(u.guardrails_triggered) > 0 group by g
                union all select 1, 'Requests quarantined', count(*) from quarantined_requests where organisation_id = @organisation and created_at >= @from and created_at < @to
                union all select 2, 'Of them ' || state, count(*) from quarantined_requests where organisation_id = @organisation and created_at >= @from and created_at < @to and state <> 'pending' group by state
                union all select 3, 'Changes of the configuration', count(*) from audit_entries where organisation_id = @organisation and at >= @from and at < @to
                union all select 4, 'Kill switches thrown', count(*) from audit_entries where organisation_id = @organisation and at >= @from and at < @to and action = 'kill_switch.throw'
                union all select 5, case action when 'key_brake.stop' then 'Keys stopped by an anomaly' else 'Keys throttled by an anomaly' end, count(*) from audit_entries
                    where organisation_id = @organisation and at >= @from and at < @to and action in ('key_brake.stop', 'key_brake.throttle') group by action) c
            order by place, what
            """, r => (string[])[r.GetString(0), Quantity.Exact(r.GetInt64(1))], [Sql.Id("organisation", organisation), Sql.Time("from", question.From), Sql.Time("to", question.To)], cancellationToken);
        return new() { Title = "Compliance", Columns = ["What", "Count"], Rows = rows };
    }

    private async Task<DigestSection> AlertsAsync(UsageLook look, Guid organisation, UsageQuestion question, CancellationToken cancellationToken)
    {
        var rows = await look.RowsAsync("""
            select id, kind, subject, value, usual, threshold, opened_at, closed_at, acknowledged_at, acknowledged_by, subject_name, tier, latest, learned, samples, null::timestamptz from alerts
            where organisation_id = @organisation and opened_at >= @from and opened_at < @to order by (tier = 'page') desc, id desc limit 25
            """, AlertsQuery.Row, [Sql.Id("organisation", organisation), Sql.Time("from", question.From), Sql.Time("to", question.To)], cancellationToken);
        Guid[] ids = [.. rows.Select(a => a.Id)];
        var done = ids.Length == 0 ? [] : (await look.RowsAsync(
            $"select distinct on (b.alert_id) {KeyBrakeDetails.Columns} from key_brakes b where b.alert_id = any(@ids) order by b.alert_id, b.id", KeyBrakeDetails.Row, [Sql.Ids("ids", ids)], cancellationToken))
            .ToDictionary(b => b.AlertId, b => "; " + Small(BrakeWords.Done(b, clock.GetUtcNow(), TimeZoneInfo.Utc)));
        return new()
        {
            Title = "Alerts", Columns = ["What", "Tier", "State"], Note = rows.Count == 0 ? "None was raised." : null,
            Rows = [.. rows.Select(a => (string[])[AlertKinds.Title(a), a.Tier == AlertTiers.Page ? "now" : "today", (a.ClosedAt is null ? "open" : "over") + done.GetValueOrDefault(a.Id, "")])],
        };
    }

    private static string Name(string group, IReadOnlyDictionary<string, string> names) => group.Length == 0 ? "none" : names.GetValueOrDefault(group, group);

    private static string Score(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? "none" : r.GetDouble(column).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(long part, long of) => of <= 0 ? "none" : ((double)part / of).ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Change(long now, long then) => then == 0 ? now == 0 ? "none" : "new" : ((double)(now - then) / then).ToString("+0 %;-0 %;0 %", CultureInfo.InvariantCulture);

    private static string Small(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
