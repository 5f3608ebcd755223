using System.Globalization;
using System.Text;
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
        return await redis.SendAsync(call) == RedisOutcome.Ok ? Read(row, call.Reply) : row;
    }

    private static CanaryRow Read(CanaryRow row, RespReader reply)
    {
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        reply.Read();
        while (reply.Read())
        {
            var field = Encoding.UTF8.GetString(reply.Bytes);
            if (!reply.Read()) break;
            var value = Encoding.UTF8.GetString(reply.Bytes);
            fields[field] = value;
            CanaryFields.Read(field, value, canary, baseline);
        }
        if (!fields.TryGetValue(CanaryFields.Stage, out var stage) || !fields.TryGetValue(CanaryFields.StageAt, out var at)) return row;
        var since = fields.TryGetValue(CanaryFields.StageBase, out var began) ? double.Parse(began, CultureInfo.InvariantCulture) : 0;
        return row with
        {
            Step = Math.Min(int.Parse(stage, CultureInfo.InvariantCulture) + 1, row.Steps.Count), StepAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)),
            StepRequests = canary.Requests - since, Broken = fields.GetValueOrDefault(CanaryFields.Tripped), Canary = ArmStanding.Of(canary), Baseline = ArmStanding.Of(baseline),
        };
    }
}
