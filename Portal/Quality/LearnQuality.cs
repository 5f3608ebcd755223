using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Quality;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Quality;

/// <summary>Learns quality from votes, every few minutes. Votes that weigh less than a thousandth are deleted. Several portals may do it at once: they find the same.</summary>
internal sealed class LearnQuality(NpgsqlDataSource database, PublishQuality publish, IOptions<LearningOptions> options, TimeProvider clock, ILogger<LearnQuality> logger)
    : StoreWorker("Learning from feedback", TimeSpan.FromSeconds(Math.Max(1, options.Value.EverySeconds)), clock, logger)
{
    // 2^-10 is about a thousandth.
    private const double HalfLivesKept = 10;

    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RoundAsync(cancellationToken);

    /// <summary>One look at the votes of every organisation that has some, or something learned from them.</summary>
    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var halfLife = Math.Max(1e-3, options.Value.HalfLifeDays);
        var since = now.AddDays(-HalfLivesKept * halfLife);
        await database.ReadAsync("delete from feedback where at < @since and usage_id is not null returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("since", since));
        var organisations = await database.ReadAsync(
            "select distinct organisation_id from feedback where task is not null and model is not null union select organisation_id from quality_learned", r => r.GetGuid(0), cancellationToken);
        foreach (var organisation in organisations)
        {
            var users = await database.ReadAsync("""
                select task, provider, model, sum(w), sum(w * score), count(*)::int, min(key_id::text) filter (where not is_bound) from (
                    -- A request is one vote of its user, whatever number of things was judged.
                    select f.task, f.provider, f.model, f.voter, f.key_id, k.user_id is not null as is_bound, avg(f.score) as score,
                        max(power(0.5, greatest(0, extract(epoch from @now - f.at)) / 86400 / @half_life)) as w
                    from feedback f left join virtual_keys k on k.id = f.key_id
                    where f.organisation_id = @organisation and f.task is not null and f.model is not null
                    group by f.task, f.provider, f.model, f.voter, f.key_id, k.user_id, f.usage_id) requests
                group by task, provider, model, voter
                """,
                r => (
                    Cell: (Task: r.GetString(0), Provider: r.GetString(1), Model: r.GetString(2)),
                    Votes: new UserVotes(r.GetDouble(3), r.GetDouble(4), r.GetInt32(5), r.Text(6) is { } key ? Guid.Parse(key) : null)), cancellationToken,
                Sql.Id("organisation", organisation), Sql.Time("now", now), new NpgsqlParameter<double>("half_life", halfLife));
            var learned = users.GroupBy(u => u.Cell)
                .Select(cell => (cell.Key, Figures: QualityLearning.Of([.. cell.Select(u => u.Votes)], options.Value.MinUsers, options.Value.MaxUsersPerKey)))
                .Where(cell => cell.Figures is not null).Take(QualityCells.Max)
                .ToDictionary(cell => cell.Key, cell => cell.Figures!);
            await publish.LearnAsync(organisation, learned, cancellationToken);
        }
    }
}
