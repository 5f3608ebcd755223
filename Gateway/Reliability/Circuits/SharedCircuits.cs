using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>
/// What gateways tell each other of circuits, in Redis: a hash with the last change of each deployment that is in trouble, and a number that grows with each
/// change. Whoever sees a new number reads the hash. Without Redis each gateway learns for itself.
/// </summary>
internal sealed class SharedCircuits(RedisClient? redis, TimeProvider time)
{
    private const string Hash = "agw:circuits", Number = "agw:circuits:number", Look = "agw:circuits:look:";
    private const int ForgetSeconds = 86_400;

    private static readonly TimeSpan CallLimit = TimeSpan.FromMilliseconds(500);

    private long seen = -1;

    /// <summary>Whether it can be asked.</summary>
    public bool IsUp => redis is { Status.IsUp: true };

    /// <summary>Tells of a change; false = Redis did not take it.</summary>
    public async ValueTask<bool> TellAsync(CircuitNote note)
    {
        if (!IsUp) return false;
        var offset = Offset;
        using (var set = redis!.Rent())
        {
            set.Begin(4);
            set.Arg("HSET"u8);
            set.Arg(Hash);
            set.Arg(note.Deployment.ToString("N"));
            set.Arg(string.Create(CultureInfo.InvariantCulture,
                $"{(int)note.Change.State}|{(note.Change.UntilMs == 0 ? 0 : note.Change.UntilMs + offset)}|{note.AtMs + offset}|{GatewayInstance.Name}"));
            if (await redis.SendAsync(set, CallLimit) != RedisOutcome.Ok) return false;
        }
        using (var next = redis.Rent())
        {
            next.Begin(2);
            next.Arg("INCR"u8);
            next.Arg(Number);
            if (await redis.SendAsync(next, CallLimit) != RedisOutcome.Ok) return false;
        }
        using var expire = redis.Rent();
        expire.Begin(3);
        expire.Arg("EXPIRE"u8);
        expire.Arg(Hash);
        expire.Arg(ForgetSeconds);
        return await redis.SendAsync(expire, CallLimit) == RedisOutcome.Ok;
    }

    /// <summary>What other gateways told since the last call; empty when there is nothing new.</summary>
    public async ValueTask<IReadOnlyList<CircuitNote>> HearAsync()
    {
        if (!IsUp) return [];
        long number;
        using (var get = redis!.Rent())
        {
            get.Begin(2);
            get.Arg("GET"u8);
            get.Arg(Number);
            if (await redis.SendAsync(get, CallLimit) != RedisOutcome.Ok) return [];
            number = Utf8Parser.TryParse(get.Reply.Bytes, out long value, out _) ? value : 0;
        }
        if (number == seen) return [];
        using var all = redis.Rent();
        all.Begin(2);
        all.Arg("HGETALL"u8);
        all.Arg(Hash);
        if (await redis.SendAsync(all, CallLimit) != RedisOutcome.Ok) return [];
        seen = number;
        return Read(all.Reply);
    }

    /// <summary>Asks to be the one whose next request looks how a deployment is. Without Redis everybody is.</summary>
    public async ValueTask<bool> TryLookAsync(Guid deployment)
    {
        if (!IsUp) return true;
        using var call = redis!.Rent();
        call.Begin(6);
        call.Arg("SET"u8);
        call.Arg(Look + deployment.ToString("N"));
        call.Arg(GatewayInstance.Name);
        call.Arg("NX"u8);
        call.Arg("PX"u8);
        call.Arg(Circuit.PermissionMs);
        return await redis.SendAsync(call, CallLimit) switch
        {
            RedisOutcome.Ok => !call.Reply.IsNull,
            // Whatever is the matter with Redis, a deployment must not stay out for it.
            _ => true,
        };
    }

    // Clocks of gateways differ; all times travel in the server's.
    private long Offset => redis!.NowOnServerMicroseconds() / 1_000 - time.GetUtcNow().ToUnixTimeMilliseconds();

    private List<CircuitNote> Read(RespReader reply)
    {
        var offset = Offset;
        var notes = new List<CircuitNote>(reply.ArrayLength / 2);
        while (reply.Read())
        {
            var isId = Utf8Parser.TryParse(reply.Bytes, out Guid deployment, out _, 'N');
            if (!reply.Read()) break;
            var parts = Encoding.UTF8.GetString(reply.Bytes).Split('|', 4);
            if (!isId || parts.Length < 4 || parts[3] == GatewayInstance.Name || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var state)
                || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var until) || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var at)) continue;
            notes.Add(new(Guid.Empty, deployment, new((CircuitState)state, "", until == 0 ? 0 : until - offset), at - offset));
        }
        return notes;
    }
}
