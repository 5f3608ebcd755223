using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Says which portal watches: one at a time, the same one as long as it lives, because it remembers what it saw a minute ago.</summary>
internal sealed class WatchLease(NpgsqlDataSource database)
{
    // Longer than from one look to the next; who dies is followed within this.
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(150);

    private readonly Guid holder = Guid.NewGuid();

    /// <summary>Takes or keeps it.</summary>
    /// <returns>Whether this portal watches.</returns>
    public async Task<bool> TakeAsync(DateTimeOffset now, CancellationToken cancellationToken) => (await database.ReadAsync(
        "update alert_watch set holder = @holder, until = @until where holder = @holder or until < @now returning id", r => r.GetInt16(0), cancellationToken,
        Sql.Id("holder", holder), Sql.Time("until", now + s_length), Sql.Time("now", now))).Count > 0;
}
