using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Retention;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Partitions;

/// <summary>Keeps the partitions in order, at start and every hour.</summary>
internal sealed partial class PartitionKeeper(
    NpgsqlDataSource database, RetentionSweep sweep, IOptions<PartitionOptions> options, TimeProvider clock, ILogger<PartitionKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                if (await DayPartitions.KeepAsync(database, options.Value, clock.GetUtcNow(), stoppingToken) is { } done && done is not (0, 0))
                    Log.Kept(logger, done.Made, done.Dropped);
                if (await sweep.RunAsync(stoppingToken) is var gone && gone is not (0, 0)) Log.Swept(logger, gone.Usage, gone.Journeys);
            }
            catch (Exception e) when (e.IsStoreAway() && !stoppingToken.IsCancellationRequested)
            {
                // Partitions exist for days ahead: the next hour is early enough.
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Partitions of usage and journeys: {Made} made, {Dropped} dropped")]
        public static partial void Kept(ILogger logger, int made, int dropped);

        [LoggerMessage(3, LogLevel.Information, "Kept no longer by their organisations: {Usage} usage records and {Journeys} journeys deleted")]
        public static partial void Swept(ILogger logger, long usage, long journeys);

        [LoggerMessage(2, LogLevel.Warning, "Partitions could not be kept in order; the next try is in an hour")]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}

/// <summary>Registration of the partitions' job.</summary>
public static class PartitionKeeperRegistration
{
    /// <summary>Adds the job with its retention.</summary>
    public static void AddPartitionKeeper(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PartitionOptions>().Bind(configuration.GetSection("Portal:Retention"))
            .Validate(o => o.UsageDays >= 31, "Portal__Retention__UsageDays must be at least 31: pages show a month.")
            .Validate(o => o.JourneyDays >= 1, "Portal__Retention__JourneyDays must be at least 1.")
            .ValidateOnStart();
        services.AddHostedService<PartitionKeeper>();
    }
}
