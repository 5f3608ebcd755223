using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace AspireGateway.ServiceDefaults.AspireClients;

/// <summary>Whether Redis answers, and whether it would rather refuse writes than evict what counts money.</summary>
internal sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
{
    /// <summary>Longest that the check may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<string>? asked;

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<IConnectionMultiplexer>() is not { } redis) return HealthCheckResult.Healthy("not configured");
        try
        {
            var policy = await AskAsync(redis).WaitAsync(AnswerWithin, cancellationToken);
            return policy is "noeviction" or ""
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(
                    "maxmemory-policy must be noeviction: under memory pressure this server drops counters and holds",
                    data: new Dictionary<string, object>(StringComparer.Ordinal) { ["maxmemory_policy"] = policy });
        }
        catch (TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"no answer within {AnswerWithin.TotalSeconds:0.#} s");
        }
        catch (RedisException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Redis cannot be reached");
        }
    }

    // A frozen server answers nothing and the client queues without limit, so there is never more than one question on its way.
    private Task<string> AskAsync(IConnectionMultiplexer redis)
    {
        lock (gate)
        {
            if (asked is null or { IsCompleted: true }) asked = PolicyAsync(redis);
            return asked;
        }
    }

    private static async Task<string> PolicyAsync(IConnectionMultiplexer redis)
    {
        // As a raw command: CONFIG is an admin command for the client and switched off at hosted servers, INFO is everywhere.
        var info = (string?)await redis.GetDatabase().ExecuteAsync("INFO", "memory") ?? "";
        const string Field = "maxmemory_policy:";
        var at = info.IndexOf(Field, StringComparison.Ordinal);
        if (at < 0) return "";
        var value = info.AsSpan(at + Field.Length);
        var end = value.IndexOfAny('\r', '\n');
        return (end < 0 ? value : value[..end]).ToString();
    }
}
