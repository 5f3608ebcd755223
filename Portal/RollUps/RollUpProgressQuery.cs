using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.RollUps;

/// <summary>How far the roll-ups are. What came later is summed from the records themselves, so nothing is missing in sums; they take longer.</summary>
internal sealed class RollUpProgressQuery(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>The present state.</summary>
    public async Task<RollUpProgress> RunAsync(CancellationToken cancellationToken)
    {
        var (to, records) = (await database.ReadAsync("select complete_to, records from usage_rollups", r => (r.Nullable<DateTimeOffset>(0), r.GetInt64(1)), cancellationToken))[0];
        return new(to, to is { } at ? clock.GetUtcNow() - at : null, records);
    }
}

/// <summary>How far the roll-ups are.</summary>
/// <param name="CompleteTo">When they last held everything that was written; null = never yet.</param>
/// <param name="Lag">How long ago that is.</param>
/// <param name="Records">Records and corrections taken in so far.</param>
public sealed record RollUpProgress(DateTimeOffset? CompleteTo, TimeSpan? Lag, long Records);
