using AspireGateway.Shared.Canaries;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Portal.Canaries;

/// <summary>Looks at what gateways count of canaries in Redis; changes nothing there.</summary>
public sealed class CanaryCounts(RedisClient? redis = null)
{
    /// <summary>A canary's row with how it stands; as it was where nobody counted yet or the store is away.</summary>
    public async Task<CanaryRow> WithAsync(CanaryRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (redis is not { Status.IsUp: true }) return row;
        using var call = redis.Rent();
        call.Begin(2);
        call.Arg("HGETALL"u8);
        call.Arg(CanaryFields.KeyOf(row.Id));
        return await redis.SendAsync(call) == RedisOutcome.Ok && CanaryReading.Of(call.Reply) is { } reading
            ? row with
            {
                Step = Math.Min(reading.Stage + 1, row.Steps.Count), StepAt = reading.StageAt, StepRequests = reading.Canary.Requests - reading.StageBase, Broken = reading.Tripped,
                Canary = ArmStanding.Of(reading.Canary), Baseline = ArmStanding.Of(reading.Baseline),
            }
            : row;
    }
}
