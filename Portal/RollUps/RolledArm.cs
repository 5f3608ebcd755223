namespace AspireGateway.Portal.RollUps;

/// <summary>
/// Which roll-up answers a question, as the part of a statement that reads it: rows of <c>grp</c>, <c>bucket</c> and the figures. Parameters: <c>@organisation</c>, <c>@facet</c>, <c>@teams</c>,
/// <c>@first</c>, <c>@end</c>, <c>@tag</c>, <c>@groups</c>, <c>@group_ids</c> (those that are ids), <c>@f0</c> and on.
/// </summary>
internal static class RolledArm
{
    /// <summary>Per day; null = only the records can tell.</summary>
    public static string? PerDay(UsageQuestion question) => Of(question, "usage_days", "day", hasCube: true);

    /// <summary>Per hour; null = only the records can tell.</summary>
    public static string? PerHour(UsageQuestion question) => Of(question, "usage_hours", "at", hasCube: false);

    /// <summary>Latencies: rows of <c>bucket</c>, <c>measure</c>, <c>bin</c> and <c>count</c>; null = only the records can tell.</summary>
    public static string? LatenciesPerHour(UsageQuestion question) =>
        question.Scope.OwnerId is null && question.Teams is null && question.Filters.Count == 0 && question.Group == Facet.Total
            ? "select r.at as bucket, r.measure, r.bin, r.count from usage_latency_hours r where r.organisation_id = @organisation and r.facet = 0 and r.at >= @first and r.at < @end"
            : null;

    /// <summary>Latencies per group over the whole time: rows of <c>grp</c>, <c>measure</c>, <c>bin</c> and <c>count</c>; null = only the records can tell.</summary>
    /// <param name="question">Of all teams, without a filter, by a property whose latencies are kept.</param>
    /// <param name="perDay">From sums of days; else of hours.</param>
    public static string? LatenciesOfGroups(UsageQuestion question, bool perDay) =>
        question.Scope.OwnerId is null && question.Teams is null && question.Filters.Count == 0 && question.Group.HasLatencies
            ? $"""
                select r.value as grp, r.measure, r.bin, r.count from {(perDay ? "usage_latency_days" : "usage_latency_hours")} r
                where r.organisation_id = @organisation and r.facet = @facet and r.{(perDay ? "day" : "at")} >= @first and r.{(perDay ? "day" : "at")} < @end{(question.Groups is null ? "" : " and r.value = any(@groups)")}
                """
            : null;

    /// <summary>
    /// How the dearest groups of a day are read in their order, by what may have very many values: of all teams without a filter, or the teams of one value. The condition leads into
    /// <c>usage_days_by_cost</c> or <c>usage_days_of_teams</c>; null = they cannot be.
    /// </summary>
    public static (string Group, string Where)? Dearest(UsageQuestion question)
    {
        if (question.Scope.OwnerId is not null || question.Teams is not null || question.Group == Facet.Total || (question.Group == Facet.Tag && question.TagName is not null)) return null;
        if (question.Others.Count == 0) return ("r.value", $"r.facet = @facet and r.team_id = {RollUpSql.AllTeams}");
        return question.Group == Facet.Team && question.Others is [{ Facet: { HasTeamDays: true } of }] ? ("r.team_id::text", TeamsOf(of)) : null;
    }

    // Literals, so that the planner sees that the partial index serves.
    private static string TeamsOf(Facet of) => $"r.facet = {of.Number} and r.team_id <> {RollUpSql.AllTeams} and r.value = @f0";

    private static string? Of(UsageQuestion question, string table, string column, bool hasCube)
    {
        var (group, teams, others) = (question.Group, question.Teams, question.Others);
        // Whoever sees his own keys only has few records, and they have an index.
        if (question.Scope.OwnerId is not null) return null;
        var when = $"r.{column} >= @first and r.{column} < @end";
        var facet = $"from {table} r where r.organisation_id = @organisation and r.facet = @facet and {when}";
        var groups = question.Groups is null ? "" : " and r.value = any(@groups)";

        if (group == Facet.Tag)
        {
            if (others.Count > 0) return null;
            var whose = teams is null ? $"r.team_id = {RollUpSql.AllTeams}" : "r.team_id = any(@teams)";
            if (question.TagName is null) return $"select r.value as grp, r.{column} as bucket, {Measure.Columns} {facet} and {whose}{groups}";
            // Those without the tag: all, less those that have it.
            var having = $"{facet} and {whose} and starts_with(r.value, @tag || '=')";
            var all = teams is null
                ? $"from {table} r where r.organisation_id = @organisation and r.facet = {Facet.Total.Number} and r.team_id = {RollUpSql.AllTeams} and {when}"
                : $"from {table} r where r.organisation_id = @organisation and r.facet = {Facet.Team.Number} and r.team_id = {RollUpSql.AllTeams} and r.value = any(@teams::text[]) and {when}";
            var arms = $"""
                select substr(r.value, length(@tag) + 2) as grp, r.{column} as bucket, {Measure.Columns} {having}
                union all select '', r.{column}, {Measure.Columns} {all}
                union all select '', r.{column}, {string.Join(", ", Measure.All.Select(m => "-r." + m.Column))} {having}
                """;
            return question.Groups is null ? arms : $"select * from ({arms}) r where r.grp = any(@groups)";
        }

        if (others.Count == 0 && teams is null)
            return $"select r.value as grp, r.{column} as bucket, {Measure.Columns} {facet} and r.team_id = {RollUpSql.AllTeams}{groups}";
        if (others.Count == 0 && (group.PerTeam || (hasCube && group.HasTeamDays)))
            return $"select r.value as grp, r.{column} as bucket, {Measure.Columns} {facet} and r.team_id = any(@teams){groups}";
        if (others.Count == 0 && (group == Facet.Team || group == Facet.Total))
            return $"""
                select {(group == Facet.Team ? "r.value" : "''")} as grp, r.{column} as bucket, {Measure.Columns}
                from {table} r where r.organisation_id = @organisation and r.facet = {Facet.Team.Number} and r.team_id = {RollUpSql.AllTeams} and r.value = any(@teams::text[]) and {when}{groups}
                """;
        if (others is [var one] && teams is null && (group == Facet.Total || group == one.Facet))
            return $"""
                select {(group == Facet.Total ? "''" : "r.value")} as grp, r.{column} as bucket, {Measure.Columns}
                from {table} r where r.organisation_id = @organisation and r.facet = {one.Facet.Number} and r.team_id = {RollUpSql.AllTeams} and r.value = @f0 and {when}{(group == Facet.Total ? "" : groups)}
                """;
        if (hasCube && others is [{ Facet: { HasTeamDays: true } property }] && (group == Facet.Team || (group == Facet.Total && teams is not null)))
            return $"""
                select {(group == Facet.Team ? "r.team_id::text" : "''")} as grp, r.{column} as bucket, {Measure.Columns} from {table} r
                where r.organisation_id = @organisation and {TeamsOf(property)} and {when}{(teams is null ? "" : " and r.team_id = any(@teams)")}{(question.Groups is null || group == Facet.Total ? "" : " and r.team_id = any(@group_ids)")}
                """;
        if (!hasCube || others.Any(f => f.Facet.Cube is null) || (group.Cube is null && group != Facet.Total)) return null;
        var value = group == Facet.Total ? "''" : $"r.{group.Cube}::text";
        // The cube has rows of every team and rows of all teams together, which are far fewer.
        var of = teams is not null ? "r.team_id = any(@teams)" : group == Facet.Team ? $"r.team_id <> {RollUpSql.AllTeams}" : $"r.team_id = {RollUpSql.AllTeams}";
        return $"""
            select {value} as grp, r.day as bucket, {Measure.Columns} from usage_cubes r
            where r.organisation_id = @organisation and r.day >= @first and r.day < @end and {of}
                {string.Concat(others.Select((f, i) => $" and r.{f.Facet.Cube} = @f{i}"))}{(question.Groups is null ? "" : $" and {value} = any(@groups)")}
            """;
    }
}
