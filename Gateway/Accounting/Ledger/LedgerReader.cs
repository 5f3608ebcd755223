using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>Reads meters without changing them, for those who ask what is left.</summary>
internal sealed class LedgerReader(Ledger ledger, IServiceProvider services, TimeProvider time)
{
    /// <summary>The clock that rates are counted by, in microseconds.</summary>
    public double NowUs => ledger.IsShared
        ? services.GetRequiredService<RedisClient>().NowOnServerMicroseconds()
        : time.GetTimestamp() * (1e6 / time.TimestampFrequency);

    /// <summary>Both numbers of each meter (see <see cref="Shared.Ledger.LedgerFields"/>); null = the ledger could not be asked.</summary>
    public async ValueTask<(double First, double Second)[]?> ReadAsync(Guid organisation, Meter[] meters)
    {
        if (meters.Length == 0) return [];
        var tenant = ledger.TenantOf(organisation);
        if (!ledger.IsShared) return Array.ConvertAll(meters, tenant.Local.Read);
        var redis = services.GetRequiredService<RedisClient>();
        using var call = redis.Rent();
        call.Begin(2 + meters.Length);
        call.Arg("HMGET"u8);
        call.Arg(tenant.MetersKey);
        foreach (var meter in meters) call.Arg(meter.Field);
        return await redis.SendAsync(call) == RedisOutcome.Ok ? Read(call.Reply, meters.Length) : null;
    }

    private static (double, double)[] Read(RespReader reply, int count)
    {
        var values = new (double, double)[count];
        for (var i = 0; i < count && reply.Read(); i++)
        {
            var bytes = reply.Bytes;
            if (bytes.Length >= 8) values[i] = (BitConverter.ToDouble(bytes), bytes.Length >= 16 ? BitConverter.ToDouble(bytes[8..]) : 0);
        }
        return values;
    }
}
