using System.Data;
using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.RollUps;

/// <summary>Opens one look at an organisation's usage: everything that is read through it is of one moment.</summary>
internal sealed class UsageReader(NpgsqlDataSource database)
{
    /// <summary>Begins a look.</summary>
    public async Task<UsageLook> OpenAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var command = new NpgsqlCommand(
                """
                select coalesce((select time_zone from organisations where id = $1), 'UTC'), (select time_zone from usage_rollup_zones where organisation_id = $1), done, complete_to,
                    cluster = usage_cluster(), set_config('jit', 'off', true)
                from usage_rollups
                """, connection, transaction);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = organisation });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var zone = reader.GetString(0);
            // Days that are cut by another zone, or numbers of another cluster's transactions, serve nobody: the worker mends that.
            var isUsable = string.Equals(zone, reader.Text(1), StringComparison.Ordinal) && reader.GetBoolean(4);
            return new(connection, transaction, zone, isUsable, reader.GetFieldValue<ulong>(2), reader.Nullable<DateTimeOffset>(3));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

/// <summary>
/// One look at usage. A sum is made of the roll-ups of whole days (or hours), of the records that came after them less those that were corrected since, and of the records at the ends of the time that are
/// not whole days. So it equals the sum of the records at any moment, to the nano-USD, and is dear only where it must be (decision 0134).
/// </summary>
internal sealed class UsageLook(NpgsqlConnection connection, NpgsqlTransaction transaction, string zoneName, bool isUsable, ulong done, DateTimeOffset? completeTo) : IAsyncDisposable
{
    // How many of a day are looked at, and if they prove nothing, how many more; and from how many on it is no shorter way.
    private static readonly int[] DearestDepths = [250, 4000];
    private const int MaxCandidates = 5000;

    private static readonly string Measured = $"""
        cross join lateral (values (0::smallint, {LatencyScale.Bin("u.latency_us")}), (1::smallint, case when u.ttft_us is not null then {LatencyScale.Bin("u.ttft_us")} end)) m (measure, bin)
        """;

    private readonly TimeZoneInfo zone = Moment.Zone(zoneName);

    /// <summary>The organisation's zone.</summary>
    public TimeZoneInfo Zone => zone;

    /// <summary>Its name.</summary>
    public string ZoneName => zoneName;

    /// <summary>When the roll-ups last held everything; null = never.</summary>
    public DateTimeOffset? CompleteTo => isUsable ? completeTo : null;

    /// <summary>The roll-ups hold every record of transactions before this one.</summary>
    public NpgsqlParameter Done => new("done", NpgsqlDbType.Xid8) { Value = done };

    /// <summary>The organisation's day of a moment.</summary>
    public DateOnly Day(DateTimeOffset at) => DayOf(at);

    /// <summary>Whether whole days of this question come from roll-ups.</summary>
    public bool IsRolledUp(UsageQuestion question) => isUsable && RolledArm.PerDay(question) is not null;

    /// <summary>Sums by group, dearest first.</summary>
    public async Task<List<(string Group, UsageSums Sums)>> GroupsAsync(UsageQuestion question, int limit, CancellationToken cancellationToken) =>
        await DearestAsync(question, limit, cancellationToken) ?? await AllGroupsAsync(question, limit, cancellationToken);

    private Task<List<(string Group, UsageSums Sums)>> AllGroupsAsync(UsageQuestion question, int limit, CancellationToken cancellationToken) => RowsAsync(
        $"select s.grp, {Measure.Sums("s")} from ({DaySource(question)}) s group by s.grp having sum(s.requests) <> 0 order by sum(s.cost_nano_usd) desc, sum(s.requests) desc, s.grp limit @limit",
        r => (r.GetString(0), Sums(r, 1)), DayParameters(question, new NpgsqlParameter("limit", limit)), cancellationToken);

    /// <summary>Sums of everything.</summary>
    public async Task<UsageSums> TotalAsync(UsageQuestion question, CancellationToken cancellationToken)
    {
        var all = question with { Group = Facet.Total, Groups = null };
        return (await RowsAsync(
            $"select {string.Join(", ", Measure.All.Select(m => $"coalesce(sum(s.{m.Column}), 0)::bigint"))} from ({DaySource(all)}) s", r => Sums(r, 0), DayParameters(all), cancellationToken))[0];
    }

    /// <summary>Sums by day of the organisation's calendar and group, oldest first.</summary>
    public Task<List<(DateOnly Day, string Group, UsageSums Sums)>> DaysAsync(UsageQuestion question, CancellationToken cancellationToken) => RowsAsync(
        $"select s.bucket, s.grp, {Measure.Sums("s")} from ({DaySource(question)}) s group by 1, 2 having sum(s.requests) <> 0 order by 1, 2",
        r => (r.GetFieldValue<DateOnly>(0), r.GetString(1), Sums(r, 2)), DayParameters(question), cancellationToken);

    /// <summary>Sums by hour; the question begins with one.</summary>
    public Task<List<(DateTimeOffset Hour, UsageSums Sums)>> HoursAsync(UsageQuestion question, CancellationToken cancellationToken) => RowsAsync(
        $"select s.bucket, {Measure.Sums("s")} from ({HourSource(question)}) s group by 1 having sum(s.requests) <> 0",
        r => (r.GetFieldValue<DateTimeOffset>(0), Sums(r, 1)), HourParameters(question), cancellationToken);

    /// <summary>Sums by group from whole hours; the question begins with one.</summary>
    public Task<List<(string Group, UsageSums Sums)>> GroupsOfHoursAsync(UsageQuestion question, int limit, CancellationToken cancellationToken) => RowsAsync(
        $"select s.grp, {Measure.Sums("s")} from ({HourSource(question)}) s group by s.grp having sum(s.requests) <> 0 order by sum(s.cost_nano_usd) desc, sum(s.requests) desc, s.grp limit @limit",
        r => (r.GetString(0), Sums(r, 1)), HourParameters(question, new NpgsqlParameter("limit", limit)), cancellationToken);

    /// <summary>Sums by group, those of most requests first.</summary>
    /// <param name="question">What to sum; with hours it begins with one.</param>
    /// <param name="perDay">From sums of days; else of hours.</param>
    /// <param name="limit">Most groups.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<List<(string Group, UsageSums Sums)>> BusiestAsync(UsageQuestion question, bool perDay, int limit, CancellationToken cancellationToken) =>
        FirstAsync(question, perDay, "sum(s.requests) desc", limit, cancellationToken);

    /// <summary>Sums by group, those of most answers from the gateway's cache first, and the busiest of those that have as many.</summary>
    /// <inheritdoc cref="BusiestAsync" />
    public Task<List<(string Group, UsageSums Sums)>> MostCachedAsync(UsageQuestion question, bool perDay, int limit, CancellationToken cancellationToken) =>
        FirstAsync(question, perDay, "sum(s.cache_hits) desc, sum(s.requests) desc", limit, cancellationToken);

    private Task<List<(string Group, UsageSums Sums)>> FirstAsync(UsageQuestion question, bool perDay, string order, int limit, CancellationToken cancellationToken) => RowsAsync(
        $"select s.grp, {Measure.Sums("s")} from ({(perDay ? DaySource(question) : HourSource(question))}) s group by s.grp having sum(s.requests) <> 0 order by {order}, s.grp limit @limit",
        r => (r.GetString(0), Sums(r, 1)), perDay ? DayParameters(question, new NpgsqlParameter("limit", limit)) : HourParameters(question, new NpgsqlParameter("limit", limit)), cancellationToken);

    /// <summary>How many whole answers took how long, by group, measure and step of the scale; with hours the question begins with one.</summary>
    public Task<List<GroupLatencyCount>> LatenciesOfGroupsAsync(UsageQuestion question, bool perDay, CancellationToken cancellationToken)
    {
        var arm = isUsable && (!perDay || InnerDays(question) is not null) ? RolledArm.LatenciesOfGroups(question, perDay) : null;
        var group = question.Group.OfRecord;
        var measured = $"""
            select {group} as grp, m.measure, m.bin, u.sign::bigint as count from ({Versions(arm is not null)}) u {Measured}
            where u.status = 'ok' and m.bin is not null and {Conditions(question)}{(question.Groups is null ? "" : $" and {group} = any(@groups)")}
            """;
        return RowsAsync(
            $"select s.grp, s.measure, s.bin, sum(s.count)::bigint from ({(arm is null ? "" : arm + "\nunion all\n")}{measured}) s group by 1, 2, 3 having sum(s.count) <> 0",
            r => new GroupLatencyCount(r.GetString(0), r.GetInt16(1), r.GetInt16(2), r.GetInt64(3)), perDay ? DayParameters(question) : HourParameters(question), cancellationToken);
    }

    /// <summary>How many whole answers took how long, by hour, measure and step of the scale; the question begins with an hour.</summary>
    public Task<List<LatencyCount>> LatenciesAsync(UsageQuestion question, CancellationToken cancellationToken)
    {
        var arm = isUsable ? RolledArm.LatenciesPerHour(question) : null;
        var measured = $"""
            select date_bin('1 hour', u.at, @from) as bucket, m.measure, m.bin, u.sign::bigint as count from ({Versions(arm is not null)}) u {Measured}
            where u.status = 'ok' and m.bin is not null and {Conditions(question)}
            """;
        return RowsAsync(
            $"select s.bucket, s.measure, s.bin, sum(s.count)::bigint from ({(arm is null ? "" : arm + "\nunion all\n")}{measured}) s group by 1, 2, 3 having sum(s.count) <> 0",
            r => new LatencyCount(r.GetFieldValue<DateTimeOffset>(0), r.GetInt16(1), r.GetInt16(2), r.GetInt64(3)), HourParameters(question), cancellationToken);
    }

    /// <summary>Reads something else of the same moment.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> row, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(row(reader));
        return rows;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>The dearest groups, from the dearest of each day; null = those prove nothing here, so all groups have to be read.</summary>
    internal async Task<List<(string Group, UsageSums Sums)>?> DearestAsync(UsageQuestion question, int limit, CancellationToken cancellationToken)
    {
        if (!isUsable || question.Groups is not null || RolledArm.Dearest(question) is not { } days || InnerDays(question) is null) return null;
        foreach (var depth in DearestDepths)
        {
            var candidates = await RowsAsync(
                DearestSql.Candidates(days, Records(question, "(u.at at time zone @zone)::date", hasArm: true)), r => (Group: r.GetString(0), Unseen: r.GetInt64(1)),
                DayParameters(question, new("depth", depth), new NpgsqlParameter("limit", limit)), cancellationToken);
            if (candidates.Count is 0 or > MaxCandidates) return null;
            var found = await AllGroupsAsync(question with { Groups = [.. candidates.Select(c => c.Group)] }, limit, cancellationToken);
            // One that is on no list would have to be dearer than the last one found. Where no day has more than its list, none is missing.
            if (candidates[0].Unseen == 0 && candidates.Count < depth) return found;
            if (found.Count == limit && found[^1].Sums.CostNanoUsd > candidates[0].Unseen) return found;
        }
        return null;
    }

    private string DaySource(UsageQuestion question)
    {
        var arm = isUsable && InnerDays(question) is not null ? RolledArm.PerDay(question) : null;
        return Source(question, arm, "(u.at at time zone @zone)::date");
    }

    private string HourSource(UsageQuestion question) => Source(question, isUsable ? RolledArm.PerHour(question) : null, "date_bin('1 hour', u.at, @from)");

    private static string Source(UsageQuestion question, string? arm, string bucket)
    {
        var records = Records(question, bucket, arm is not null);
        return arm is null ? records : $"{arm}\nunion all\n{records}";
    }

    private static string Records(UsageQuestion question, string bucket, bool hasArm)
    {
        var group = question.Group != Facet.Tag ? question.Group.OfRecord
            : question.TagName is null ? "g.value" : $"coalesce(case when length(u.tags ->> @tag) > {RollUpSql.LongestTag} then '(long)' else u.tags ->> @tag end, '')";
        var tags = question.Group == Facet.Tag && question.TagName is null ? RollUpSql.TagsOfRecord : "";
        var records = $"select {group} as grp, {bucket} as bucket, {Measure.OfVersion} from ({Versions(hasArm)}) u {tags} where {Conditions(question)}";
        return question.Groups is null ? records : records + $" and {group} = any(@groups)";
    }

    // Between the inner ends the roll-ups tell what was done before; only what differs since then is read.
    private static string Versions(bool hasArm) => !hasArm
        ? "select 1 as sign, r.* from usage_records r where r.organisation_id = @organisation and r.at >= @from and r.at < @to"
        : """
            select 1 as sign, r.* from usage_records r where r.organisation_id = @organisation and r.tx >= @done and r.at >= @inner_from and r.at < @inner_to
            union all
            select -1, (jsonb_populate_record(null::usage_records, c.record)).* from usage_corrections c
            where c.organisation_id = @organisation and c.born < @done and c.died >= @done and c.at >= @inner_from and c.at < @inner_to
            union all
            select 1, r.* from usage_records r where r.organisation_id = @organisation and r.at >= @from and r.at < @inner_from
            union all
            select 1, r.* from usage_records r where r.organisation_id = @organisation and r.at >= @inner_to and r.at < @to
            """;

    private static string Conditions(UsageQuestion question)
    {
        var conditions = Scope.OfUsage;
        if (question.Teams is not null) conditions += " and u.team_id = any(@teams)";
        var n = 0;
        foreach (var (facet, value) in question.Others)
        {
            conditions += facet.IsId ? $" and {facet.Column} = @f{n}::uuid" : value.Length == 0 ? $" and {facet.OfRecord} = @f{n}" : $" and {facet.Column} = @f{n}";
            n++;
        }
        return conditions;
    }

    // The whole days within the time; null = there is none.
    private (DateOnly First, DateOnly End)? InnerDays(UsageQuestion question)
    {
        var (first, end) = (DayOf(question.From), DayOf(question.To));
        if (BudgetWindow.StartOf(first, zone) < question.From) first = first.AddDays(1);
        return first < end ? (first, end) : null;
    }

    private DateOnly DayOf(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        while (BudgetWindow.StartOf(day, zone) > at) day = day.AddDays(-1);
        while (BudgetWindow.StartOf(day.AddDays(1), zone) <= at) day = day.AddDays(1);
        return day;
    }

    private NpgsqlParameter[] DayParameters(UsageQuestion question, params NpgsqlParameter[] more)
    {
        var inner = InnerDays(question) is var (first, end) ? (first, end) : (DateOnly.MinValue.AddYears(1), DateOnly.MinValue.AddYears(1));
        return [
            .. Parameters(question), .. more, Sql.Text("zone", zoneName), new("first", inner.Item1), new("end", inner.Item2),
            Sql.Time("inner_from", BudgetWindow.StartOf(inner.Item1, zone)), Sql.Time("inner_to", BudgetWindow.StartOf(inner.Item2, zone)),
        ];
    }

    private NpgsqlParameter[] HourParameters(UsageQuestion question, params NpgsqlParameter[] more)
    {
        var end = question.From.AddHours(Math.Floor((question.To - question.From).TotalHours));
        return [
            .. Parameters(question), .. more, Sql.Time("first", question.From), Sql.Time("end", end), Sql.Time("inner_from", question.From), Sql.Time("inner_to", end),
        ];
    }

    private List<NpgsqlParameter> Parameters(UsageQuestion question)
    {
        List<NpgsqlParameter> parameters =
        [
            .. question.Scope.Parameters, Sql.Time("from", question.From), Sql.Time("to", question.To), new("done", NpgsqlDbType.Xid8) { Value = done },
            new("facet", question.Group.Number), Sql.Ids("teams", question.Teams), Sql.Text("tag", question.TagName),
            Sql.Ids("group_ids", question.Groups is null ? null : [.. question.Groups.Select(g => Guid.TryParse(g, out var id) ? id : Guid.Empty)]),
            new("groups", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)question.Groups?.ToArray() ?? DBNull.Value },
        ];
        var n = 0;
        foreach (var (_, value) in question.Others) parameters.Add(Sql.Text(string.Create(CultureInfo.InvariantCulture, $"f{n++}"), value));
        return parameters;
    }

    private static UsageSums Sums(NpgsqlDataReader r, int first) => new()
    {
        Requests = r.GetInt64(first), Errors = r.GetInt64(first + 1), Refused = r.GetInt64(first + 2), Estimated = r.GetInt64(first + 3), Succeeded = r.GetInt64(first + 4),
        CacheHits = r.GetInt64(first + 5), Retried = r.GetInt64(first + 6), ExtraAttempts = r.GetInt64(first + 7), InputTokens = r.GetInt64(first + 8), CacheReadTokens = r.GetInt64(first + 9),
        CacheWriteTokens = r.GetInt64(first + 10), OutputTokens = r.GetInt64(first + 11), ReasoningTokens = r.GetInt64(first + 12), CostNanoUsd = r.GetInt64(first + 13), WastedNanoUsd = r.GetInt64(first + 14),
        SavedNanoUsd = r.GetInt64(first + 15), SavedUs = r.GetInt64(first + 16), PrefixSavedNanoUsd = r.GetInt64(first + 17),
    };
}
