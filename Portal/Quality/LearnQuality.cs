using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Quality;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Quality;

/// <summary>Learns quality from votes, every few minutes. Votes that weigh less than a thousandth are deleted. Several portals may do it at once: they find the same.</summary>
internal sealed partial class LearnQuality(NpgsqlDataSource database, PublishQuality publish, IOptions<LearningOptions> options, TimeProvider clock, ILogger<LearnQuality> logger)
    : BackgroundService
{
    // 2^-10 is about a thousandth.
    private const double HalfLivesKept = 10;

    private bool isAway;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(1, options.Value.EverySeconds)), clock);
        do
        {
            try
            {
                await RoundAsync(stoppingToken);
                isAway = false;
            }
            catch (Exception e) when (e.IsStoreAway() && !stoppingToken.IsCancellationRequested)
            {
                if (!isAway) Log.IsAway(logger, e);
                isAway = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look at the votes of every organisation that has some, or something learned from them.</summary>
    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var halfLife = Math.Max(1e-3, options.Value.HalfLifeDays);
        var since = now.AddDays(-HalfLivesKept * halfLife);
        await database.ReadAsync("delete from feedback where at < @since and usage_id is not null returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("since", since));
        var organisations = await database.ReadAsync(
            "select distinct organisation_id from feedback where task is not null and model is not null union select organisation_id from quality_learned", r => r.GetGuid(0), cancellationToken);
        foreach (var organisation in organisations)
        {
            var users = await database.ReadAsync("""
                select task, provider, model, sum(w), sum(w * score), count(*)::int from (
                    select task, provider, model, voter, score, power(0.5, greatest(0, extract(epoch from @now - at)) / 86400 / @half_life) as w
                    from feedback where organisation_id = @organisation and task is not null and model is not null) votes
                group by task, provider, model, voter
                """,
                r => (Cell: (Task: r.GetString(0), Provider: r.GetString(1), Model: r.GetString(2)), Votes: new UserVotes(r.GetDouble(3), r.GetDouble(4), r.GetInt32(5))), cancellationToken,
                Sql.Id("organisation", organisation), Sql.Time("now", now), new NpgsqlParameter<double>("half_life", halfLife));
            var learned = users.GroupBy(u => u.Cell)
                .Select(cell => (cell.Key, Figures: QualityLearning.Of([.. cell.Select(u => u.Votes)], options.Value.MinUsers)))
                .Where(cell => cell.Figures is not null).Take(QualityCells.Max)
                .ToDictionary(cell => cell.Key, cell => cell.Figures!);
            await publish.LearnAsync(organisation, learned, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Nothing is learned from feedback: the database cannot be reached")]
        public static partial void IsAway(ILogger logger, Exception fault);
    }
}
