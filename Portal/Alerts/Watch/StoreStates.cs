using System.Globalization;
using System.Text;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Redis;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>How full the stores are: Redis by its own word, journals by what gateways reported.</summary>
internal sealed class StoreStates(NpgsqlDataSource database, RedisClient? redis)
{
    // A gateway that is gone reports no more; what it said last is no state.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(3);

    /// <summary>Part of its memory that Redis uses, from 0 to 1; null = there is none, it did not answer, or it has no bound and did not say how much the machine has.</summary>
    public async Task<double?> RedisMemoryAsync()
    {
        if (redis is null) return null;
        using var call = redis.Rent();
        call.Begin(2);
        call.Arg("INFO"u8);
        call.Arg("memory"u8);
        return await redis.SendAsync(call) == RedisOutcome.Ok ? Used(Encoding.UTF8.GetString(call.Reply.Bytes)) : null;
    }

    /// <summary>Part of its room on disk that each gateway's journal takes, by gateway.</summary>
    public Task<List<(string Instance, double Used)>> JournalsAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAsync(
        "select instance, journal_bytes::double precision / greatest(1, journal_max_bytes) from gateway_states where at > @since order by instance",
        r => (r.GetString(0), r.GetDouble(1)), cancellationToken, Sql.Time("since", now - s_fresh));

    /// <summary>Forgets gateways that are gone.</summary>
    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAsync(
        "delete from gateway_states where at < @before returning instance", r => r.GetString(0), cancellationToken, Sql.Time("before", now.AddDays(-1)));

    /// <summary>Reads Redis' <c>INFO memory</c>: <c>used_memory</c> of <c>maxmemory</c>, or of the machine's where no bound is set.</summary>
    internal static double? Used(string info)
    {
        double? Field(string field) => info.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith(field + ":", StringComparison.Ordinal)) is { } line
            && double.TryParse(line.AsSpan(field.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        return Field("used_memory") / (Field("maxmemory") ?? Field("total_system_memory"));
    }
}
