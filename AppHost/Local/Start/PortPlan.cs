namespace AspireGateway.AppHost.Local.Start;

/// <summary>
/// Which port each resource listens on. The public ones follow the base (+0 gateway, +1 portal, +9 simulator); the inner ones
/// fill a block of ten, 20000 away, so that two hosts whose bases differ by ten or more never meet.
/// </summary>
/// <param name="Gateway">The address clients use.</param>
/// <param name="Portal">The portal's address.</param>
/// <param name="Simulator">The demo provider's address.</param>
/// <param name="Postgres">The private database's port.</param>
/// <param name="Redis">The private Redis' port.</param>
/// <param name="GatewayReplicas">Where the gateways themselves listen: the public port when there is one, inner ports when there are more.</param>
internal sealed record PortPlan(int Gateway, int Portal, int Simulator, int Postgres, int Redis, IReadOnlyList<int> GatewayReplicas)
{
    public const int MaxReplicas = 8;

    private const int InnerDistance = 20_000;
    private const int PostgresOffset = 8;
    private const int RedisOffset = 9;

    /// <summary>Lays out the ports.</summary>
    /// <param name="portBase">The gateway's port, 1024 to 65500.</param>
    /// <param name="replicas">Gateways, 1 to <see cref="MaxReplicas"/>.</param>
    /// <param name="isFree">Whether a port can be listened on now.</param>
    /// <param name="anyFree">A port that the system knows to be free; used when an inner port is taken.</param>
    public static PortPlan Create(int portBase, int replicas, Func<int, bool> isFree, Func<int> anyFree)
    {
        var block = portBase + InnerDistance + 10 <= ushort.MaxValue ? portBase + InnerDistance : portBase - InnerDistance;
        var taken = new HashSet<int> { portBase, portBase + 1, portBase + 9 };

        int Inner(int offset)
        {
            var port = block + offset;
            while (taken.Contains(port) || !isFree(port))
                port = anyFree();
            taken.Add(port);
            return port;
        }

        var postgres = Inner(PostgresOffset);
        var redis = Inner(RedisOffset);
        int[] gateways = replicas == 1 ? [portBase] : [.. Enumerable.Range(0, replicas).Select(Inner)];
        return new PortPlan(portBase, portBase + 1, portBase + 9, postgres, redis, gateways);
    }
}
