using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Quality;
using Npgsql;

namespace AspireGateway.Portal.Quality.InUse;

/// <summary>
/// How answers of the last seven days were taken: votes by who judged, faithfulness to what was supplied, and what guardrails refused. For all who see models; by feature for those who see the whole
/// organisation's usage.
/// </summary>
internal sealed class InUseQuery(UsageReader usage, NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>What a row can be.</summary>
    public static readonly IReadOnlyList<(string Key, string Name)> Groups = [("model", "Model"), ("task", "Task"), ("feature", "Feature")];

    /// <summary>Days that are looked at, today among them.</summary>
    public const int Days = 7;

    /// <summary>Most rows.</summary>
    public const int MaxGroups = 100;

    /// <summary>Of how many votes, the newest, means are made.</summary>
    public const int MostVotes = 20_000;

    /// <summary>Of how many requests, the newest, journeys are looked into for faithfulness: they are read one by one.</summary>
    public const int MostJourneys = 5_000;

    /// <summary>The report.</summary>
    public async Task<Result<InUseReport>> RunAsync(Actor actor, string? by, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var key = checks.Choice("by", string.IsNullOrEmpty(by) ? Groups[0].Key : by, [.. Groups.Select(g => g.Key)]);
        if (checks.Failure is { } faults) return faults;
        if (key == FigureGroups.Feature && !FiguresQuery.MaySeeFeatures(actor)) return new Failure.Forbidden("Your role may not see the features of the whole organisation.");

        var (organisation, now, facet) = (actor.OrganisationId!.Value, clock.GetUtcNow(), Facet.Of(key)!);
        await using var look = await usage.OpenAsync(organisation, cancellationToken);
        var today = look.Day(now);
        var question = new UsageQuestion
        {
            Scope = new Scope(organisation, null, null), Group = facet, From = BudgetWindow.StartOf(today.AddDays(1 - Days), look.Zone), To = BudgetWindow.StartOf(today.AddDays(1), look.Zone),
        };
        var groups = await look.BusiestAsync(question, perDay: true, MaxGroups + 1, cancellationToken);
        var read = await database.ReadAlongAsync(
            Statement(facet), r => (Part: r.GetString(0), Group: r.GetString(1), Source: r.GetString(2), Count: r.GetInt64(3), Sum: r.GetDouble(4)), cancellationToken,
            Sql.Id("organisation", organisation), Sql.Time("from", question.From), Sql.Time("to", question.To), new("votes", MostVotes), new("journeys", MostJourneys));
        var parts = read.ToLookup(r => (r.Part, r.Group));
        return new InUseReport
        {
            By = key, From = question.From, AsOf = now, HasMore = groups.Count > MaxGroups,
            Rows =
            [
                .. groups.Take(MaxGroups).Select(g => new InUseRow
                {
                    Group = g.Group.Length == 0 ? null : g.Group, Requests = g.Sums.Requests,
                    Votes = [.. FeedbackSources.All.SelectMany(source => parts[("votes", g.Group)].Where(p => p.Source == source)).Select(p => new SourceVotes(p.Source, MeanOf.Of(p.Count, p.Sum)))],
                    Grounded = parts[("grounded", g.Group)].Select(p => MeanOf.Of(p.Count, p.Sum)).FirstOrDefault(),
                    Found = parts[("found", g.Group)].Sum(p => p.Count), Blocked = (long)parts[("found", g.Group)].Sum(p => p.Sum),
                }),
            ],
        };
    }

    private static string Statement(Facet facet) => $"""
        select 'votes', {facet.OfRecord}, f.source, count(*), sum(f.score)
        from (
            select f.usage_id, f.usage_at, f.source, f.score from feedback f
            where f.organisation_id = @organisation and f.at >= @from and f.at < @to and f.usage_id is not null order by f.at desc limit @votes) f
        join usage_records u on u.id = f.usage_id and u.at = f.usage_at
        group by 2, 3
        union all
        select 'found', {facet.OfRecord}, '', count(*), count(*) filter (where u.error in ('guardrail_blocked', 'quarantined'))
        from usage_records u
        where u.organisation_id = @organisation and u.at >= @from and u.at < @to and cardinality(u.guardrails_triggered) > 0
        group by 2
        union all
        select 'grounded', {facet.OfRecord}, '', count(*), sum((j.document ->> 'groundedness')::double precision)
        from (
            select * from usage_records u where u.organisation_id = @organisation and u.at >= @from and u.at < @to order by u.at desc, u.id desc limit @journeys) u
        join journeys j on j.id = u.id and j.at = u.at
        where j.document ->> 'groundedness' is not null
        group by 2
        """;
}
