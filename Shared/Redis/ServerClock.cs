using System.Buffers.Text;

namespace AspireGateway.Shared.Redis;

/// <summary>
/// Estimates how far the server's clock is ahead of ours: its answer to TIME was read at half the round trip, give or take half the round trip, so the
/// quickest answer tells best. An old best one is trusted less and less, because clocks drift.
/// </summary>
internal sealed class ServerClock(TimeProvider time, RedisCallPool pool)
{
    private TimeSpan roundTripOfOffset = TimeSpan.FromDays(1);

    /// <summary>The server's clock minus ours.</summary>
    public TimeSpan Offset { get; private set; }

    /// <summary>Asks once.</summary>
    /// <returns>How the question ended; only with <see cref="RedisOutcome.Ok"/> was the answer a time.</returns>
    public async Task<RedisOutcome> AskAsync(RedisConnection connection, TimeSpan timeout)
    {
        using var call = pool.Rent();
        call.Begin(1);
        call.Arg("TIME"u8);
        var asked = time.GetTimestamp();
        if (!connection.TrySend(call, timeout)) return RedisOutcome.NotSent;
        var outcome = await call.AsTask();
        if (outcome != RedisOutcome.Ok) return outcome;
        var roundTrip = time.GetElapsedTime(asked);
        var read = time.GetUtcNow() - (roundTrip / 2);
        if (!TryReadTime(call.Reply, out var server)) return RedisOutcome.Error;
        var offset = server - read;
        // What two intervals of doubt cannot explain is a clock that was set.
        var wasSet = (offset - Offset).Duration() > (roundTrip + roundTripOfOffset) / 2;
        if (roundTrip <= roundTripOfOffset || wasSet)
        {
            Offset = offset;
            roundTripOfOffset = roundTrip;
        }
        else
        {
            roundTripOfOffset += roundTripOfOffset / 10;
        }
        return RedisOutcome.Ok;
    }

    // Two bulks: seconds since 1970 and microseconds within the second.
    private static bool TryReadTime(RespReader reply, out DateTimeOffset server)
    {
        server = default;
        if (reply.ArrayLength != 2 || !reply.Read() || !TryReadNumber(reply.Bytes, out var seconds) || !reply.Read() || !TryReadNumber(reply.Bytes, out var microseconds)) return false;
        if (seconds is < 0 or > 100_000_000_000) return false;
        server = DateTimeOffset.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond));
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out long number) => Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length;
}
