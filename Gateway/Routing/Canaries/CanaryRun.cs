using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Canaries;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// One running canary as its keeper sees it: the counts of all gateways where Redis tells them, with this gateway's own on top; else this gateway's own. Not for several threads
/// at once.
/// </summary>
internal sealed class CanaryRun(DateTimeOffset now)
{
    /// <summary>How long counts are kept after the last request, in seconds: 30 days.</summary>
    public const long KeptSeconds = 30 * 24 * 3600;

    private ArmCounts ownCanary = new(), ownBaseline = new(), knownCanary = new(), knownBaseline = new();

    /// <summary>What is known of the canary.</summary>
    public ArmCounts Canary => Sum(knownCanary, ownCanary);

    /// <summary>What is known of the other arm.</summary>
    public ArmCounts Baseline => Sum(knownBaseline, ownBaseline);

    /// <summary>The step that runs.</summary>
    public int Stage { get; private set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StageAt { get; private set; } = now;

    /// <summary>Requests that the canary had served when it began.</summary>
    public double StageBase { get; private set; }

    /// <summary>The guard that was broken, as Redis knows; null = none.</summary>
    public string? Tripped { get; private set; }

    /// <summary>The last step that was written down.</summary>
    public int WrittenStage { get; set; }

    /// <summary>Whether the end was written down.</summary>
    public bool IsEndWritten { get; set; }

    /// <summary>Takes over what requests counted.</summary>
    public void Take(CanaryState state)
    {
        state.Canary.DrainInto(ownCanary);
        state.Baseline.DrainInto(ownBaseline);
    }

    /// <summary>Sends what is counted, and perhaps what to do, and takes the answer over. False = Redis did not answer.</summary>
    public async Task<bool> ShareAsync(RedisClient redis, Guid canary, string action, string argument, TimeSpan timeout)
    {
        List<(string Field, double Amount)> amounts = [.. CanaryFields.Write(CanaryFields.Canary, ownCanary), .. CanaryFields.Write(CanaryFields.Baseline, ownBaseline)];
        using var call = redis.Rent();
        call.BeginScript(CanaryScript.Count, 1, 3 + amounts.Count * 2);
        call.Arg(CanaryFields.KeyOf(canary));
        call.Arg(KeptSeconds);
        call.Arg(action);
        call.Arg(argument);
        foreach (var (field, amount) in amounts)
        {
            call.Arg(field);
            call.Arg(amount);
        }
        var outcome = await redis.SendAsync(call, timeout);
        if (outcome == RedisOutcome.Ok)
        {
            (ownCanary, ownBaseline) = (new ArmCounts(), new ArmCounts());
            TakeOver(call.Reply);
            return true;
        }
        // What may have been counted is not sent again: a request missing from all gateways' sums is better than one in them twice.
        if (outcome != RedisOutcome.NotSent)
        {
            knownCanary.Add(ownCanary);
            knownBaseline.Add(ownBaseline);
            (ownCanary, ownBaseline) = (new ArmCounts(), new ArmCounts());
        }
        return false;
    }

    /// <summary>Goes on to the next step by itself: nobody else can be asked.</summary>
    public void AdvanceAlone(DateTimeOffset at)
    {
        Stage++;
        StageAt = at;
        StageBase = Canary.Requests;
    }

    private void TakeOver(RespReader reply)
    {
        // The time comes first.
        if (!reply.Read() || CanaryReading.Of(reply) is not { } reading) return;
        (Stage, StageAt, StageBase, Tripped) = (reading.Stage, reading.StageAt, reading.StageBase, reading.Tripped);
        (knownCanary, knownBaseline) = (reading.Canary, reading.Baseline);
    }

    private static ArmCounts Sum(ArmCounts one, ArmCounts other)
    {
        var sum = new ArmCounts();
        sum.Add(one);
        sum.Add(other);
        return sum;
    }
}
