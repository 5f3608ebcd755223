using System.Buffers.Text;
using System.Net;
using System.Text;

namespace AspireGateway.Shared.Redis;

/// <summary>
/// The servers of a client: one that was configured, and those that its answers name. A server of a cluster answers <c>MOVED slot host:port</c> for a
/// key that lives elsewhere; the call goes there once, and later calls of the slot at once. Without such an answer there is one server and no table.
/// </summary>
internal sealed class RedisCluster : IRedirect, IAsyncDisposable
{
    // The largest cluster that Redis supports; no answer makes us open more.
    private const int MaxNodes = 1000;

    private readonly Func<IReadOnlyList<DnsEndPoint>, IRedirect, bool, RedisNode> makeNode;
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<DnsEndPoint, RedisNode> others = [];
    private volatile RedisNode?[]? nodeOfSlot;
    private bool isDisposed;

    /// <summary>Makes the first node.</summary>
    public RedisCluster(RedisOptions options, Func<IReadOnlyList<DnsEndPoint>, IRedirect, bool, RedisNode> makeNode, TimeProvider time)
    {
        this.options = options;
        this.makeNode = makeNode;
        this.time = time;
        First = makeNode(options.Endpoints, this, true);
    }

    /// <summary>The server that was configured.</summary>
    public RedisNode First { get; }

    /// <summary>Where to send a call; null when no server is up.</summary>
    public RedisConnection? ConnectionFor(RedisCall call)
    {
        if (nodeOfSlot is not { } nodes) return First.Current;
        // While the slot's server is down another one may know who took over.
        return Volatile.Read(ref nodes[ClusterSlot.Of(call.Key)])?.Current ?? First.Current ?? AnyUp();
    }

    /// <summary>Sends what waits at any server.</summary>
    public void Flush()
    {
        First.Current?.Flush();
        if (nodeOfSlot is null) return;
        RedisNode[] nodes;
        lock (gate) nodes = [.. others.Values];
        foreach (var node in nodes) node.Current?.Flush();
    }

    /// <inheritdoc />
    public bool TrySendElsewhere(RedisCall call, ReadOnlySpan<byte> error)
    {
        if (!TryReadMoved(error, out var slot, out var server) || NodeAt(server) is not { } node) return false;
        if (nodeOfSlot is null) Interlocked.CompareExchange(ref nodeOfSlot, new RedisNode?[ClusterSlot.Count], null);
        Volatile.Write(ref nodeOfSlot[slot], node);
        if (node.Current is { } connection) connection.SendAgain(call);
        else _ = SendWhenUpAsync(node, call);
        return true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        RedisNode[] nodes;
        lock (gate)
        {
            isDisposed = true;
            nodes = [First, .. others.Values];
        }
        foreach (var node in nodes) await node.DisposeAsync();
    }

    private RedisConnection? AnyUp()
    {
        lock (gate)
            foreach (var node in others.Values)
                if (node.Current is { } connection) return connection;
        return null;
    }

    private RedisNode? NodeAt(DnsEndPoint server)
    {
        lock (gate)
        {
            if (others.TryGetValue(server, out var node)) return node;
            if (isDisposed || others.Count == MaxNodes) return null;
            node = makeNode([server], this, false);
            others.Add(server, node);
            node.Start();
            return node;
        }
    }

    // The call was refused where it was asked, so it has not run and its outcome without a connection is that it was not sent.
    private async Task SendWhenUpAsync(RedisNode node, RedisCall call)
    {
        var left = time.GetElapsedTime(time.GetTimestamp(), call.Deadline);
        if (left > TimeSpan.Zero) await node.FirstUp.WaitAsync(left, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (node.Current is { } connection)
        {
            connection.SendAgain(call);
            return;
        }
        call.End(RedisOutcome.NotSent);
        call.Release();
    }

    // MOVED 3999 127.0.0.1:6381; an empty host is that of the server that answered.
    private bool TryReadMoved(ReadOnlySpan<byte> error, out int slot, out DnsEndPoint server)
    {
        server = options.Endpoints[0];
        var words = error["-MOVED ".Length..];
        if (!Utf8Parser.TryParse(words, out slot, out var used) || slot is < 0 or >= ClusterSlot.Count || used == words.Length || words[used] != ' ') return false;
        var address = words[(used + 1)..].TrimEnd("\r\n"u8);
        var colon = address.LastIndexOf((byte)':');
        if (colon < 0 || !Utf8Parser.TryParse(address[(colon + 1)..], out int port, out used) || used != address.Length - colon - 1 || port is < 1 or > ushort.MaxValue) return false;
        var host = Encoding.ASCII.GetString(address[..colon]);
        server = new DnsEndPoint(host.Length == 0 || host == "?" ? options.Endpoints[0].Host : host, port);
        return true;
    }
}
