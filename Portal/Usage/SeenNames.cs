using System.Buffers.Text;
using System.Text;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Usage;

/// <summary>Which names are asked for.</summary>
/// <param name="Facet">The property of requests that holds them: user, feature or agent.</param>
internal sealed record NamesQuestion(Facet Facet)
{
    /// <summary>Rows of <c>value</c> and a <c>day</c> of null that are listed too; none where the asker's view ends at teams or own keys.</summary>
    public string? More { get; init; }

    /// <summary>A condition on <c>n.value</c> and <c>n.day</c>, one of its days; <c>@since</c> is the day from which on lists of few days begin.</summary>
    public string Condition { get; init; } = "true";
}

/// <summary>
/// Walks the names that usage has seen in the order of their bytes. One step of the index finds the next name, however many days or names there are (decision 0148); names of records that the roll-ups do not
/// hold yet are in the list too.
/// </summary>
internal static class SeenNames
{
    private const string UpperEnd = "\U0010FFFF";

    /// <summary>How far back lists of those look who see teams or own keys only, in days: their names are found by reading, not by walking.</summary>
    public const int Back = 31;

    /// <summary>A page's names with the last day of each; one more than the limit.</summary>
    public static Task<List<(string Name, DateOnly? Day)>> ReadAsync(
        UsageLook look, Scope scope, NamesQuestion question, string? search, string after, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var walks = scope.OwnerId is null && (scope.TeamIds is null || question.Facet.PerTeam);
        var sources = new List<string>();
        if (walks) sources.Add(Walked(question.Facet));
        else if (scope.OwnerId is null) sources.Add($"select c.{question.Facet.Cube} as value, max(c.day) as day from usage_cubes c where c.organisation_id = @organisation and c.team_id = any(@walked) and c.day >= @since group by 1");
        sources.Add($"""
            select {question.Facet.OfRecord}, max((u.at at time zone @zone)::date) from usage_records u
            where {Scope.OfUsage} and u.at >= @since_at{(scope.OwnerId is null ? " and u.tx >= @done" : "")} group by 1
            """);
        if (question.More is not null && scope is { OwnerId: null, TeamIds: null }) sources.Add(question.More);
        var prefix = search?.Trim() ?? "";
        var today = look.Day(now);
        return look.RowsAsync($"""
            with recursive {(walks ? Walk(question) : "")}
            named (value, day) as ({string.Join("\nunion all\n", sources)})
            select n.value, max(n.day) from named n
            where n.value collate "C" > @after and n.value collate "C" >= @prefix and n.value collate "C" < @below and {question.Condition}
            group by n.value order by n.value collate "C" limit @limit
            """,
            r => (r.GetString(0), r.Nullable<DateOnly>(1)),
            [
                .. scope.Parameters, look.Done, Sql.Ids("walked", scope.TeamIds ?? [Guid.Empty]), Sql.Text("zone", look.ZoneName), Sql.Text("after", after), Sql.Text("prefix", prefix),
                Sql.Text("below", prefix + UpperEnd), Sql.Number("limit", limit + 1), new("since", today.AddDays(-Back)), Sql.Time("since_at", BudgetWindow.StartOf(today.AddDays(-Back), look.Zone)),
            ], cancellationToken);
    }

    /// <summary>A cursor of a name.</summary>
    public static string Cursor(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    /// <summary>Reads a cursor; missing = before every name.</summary>
    public static bool TryRead(string? cursor, out string after)
    {
        after = "";
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor.Length > 4000 || !Base64Url.IsValid(cursor)) return false;
        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return !after.Contains('\0', StringComparison.Ordinal);
    }

    // Numbers stand in the text, so that the planner sees that the index by name covers them. Names are never '': those are the requests without one.
    private static string Walk(NamesQuestion question) => $"""
        walk (value, step) as (
            select x.value, 1::bigint from ({Next(question, "@after")}) x
            union all
            select x.value, w.step + 1 from walk w cross join lateral ({Next(question, "w.value")}) x where w.step < @limit
        ),
        """;

    private static string Next(NamesQuestion question, string after) => $"""
        select v.value from unnest(@walked) t (id) cross join lateral (
            select n.value from usage_days n
            where n.organisation_id = @organisation and n.facet = {question.Facet.Number} and n.team_id = t.id
                and n.value collate "C" > {after} and n.value collate "C" >= @prefix and n.value collate "C" < @below and {question.Condition}
            order by n.value collate "C" limit 1) v
        order by v.value collate "C" limit 1
        """;

    private static string Walked(Facet facet) => $"""
        select w.value, (select max(l.day) from unnest(@walked) t (id) cross join lateral (
            select d.day from usage_days d
            where d.organisation_id = @organisation and d.facet = {facet.Number} and d.team_id = t.id and d.value collate "C" = w.value and d.requests > 0 order by d.day desc limit 1) l)
        from walk w
        """;
}
