using System.Globalization;
using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Shared.Canaries;

/// <summary>How a canary stands over all gateways, as its hash in Redis tells.</summary>
/// <param name="Stage">The step that runs, from 0.</param>
/// <param name="StageAt">When it began.</param>
/// <param name="StageBase">Requests that the canary had served when it began.</param>
/// <param name="Tripped">The guard that was broken; null = none.</param>
/// <param name="Canary">What is known of the canary.</param>
/// <param name="Baseline">What is known of the rest.</param>
public sealed record CanaryReading(int Stage, DateTimeOffset StageAt, double StageBase, string? Tripped, ArmCounts Canary, ArmCounts Baseline)
{
    /// <summary>Reads fields and values, which follow where the reader stands; null = nobody counted yet.</summary>
    public static CanaryReading? Of(RespReader reply)
    {
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        string? stage = null, at = null, served = null, tripped = null;
        while (reply.Read())
        {
            var field = Encoding.UTF8.GetString(reply.Bytes);
            if (!reply.Read()) break;
            var value = Encoding.UTF8.GetString(reply.Bytes);
            switch (field)
            {
                case CanaryFields.Stage: stage = value; break;
                case CanaryFields.StageAt: at = value; break;
                case CanaryFields.StageBase: served = value; break;
                case CanaryFields.Tripped: tripped = value; break;
                default: CanaryFields.Read(field, value, canary, baseline); break;
            }
        }
        if (!int.TryParse(stage, CultureInfo.InvariantCulture, out var step) || !long.TryParse(at, CultureInfo.InvariantCulture, out var milliseconds)) return null;
        _ = double.TryParse(served, NumberStyles.Float, CultureInfo.InvariantCulture, out var began);
        return new(step, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), began, tripped, canary, baseline);
    }
}
