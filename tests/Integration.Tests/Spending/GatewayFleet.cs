using System.Diagnostics.CodeAnalysis;
using AspireGateway.Integration.Tests.Gateway;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Several gateways of one world; each keeps its data folder when it is killed and started again.</summary>
internal sealed class GatewayFleet
{
    // The replicas share two slow cores with each other and with other tests: how long Redis may take is the subject of other tests.
    private static readonly string[] Patient = [SpendingWorld.Patient, SpendingWorld.ShortlyAwaited];

    private readonly SpendingWorld world;
    private readonly GatewayProcess[] gateways;

    private GatewayFleet(SpendingWorld world, int count)
    {
        this.world = world;
        gateways = new GatewayProcess[count];
    }

    /// <summary>How many there are.</summary>
    public int Count => gateways.Length;

    /// <summary>One of them.</summary>
    public GatewayProcess this[int index] => Volatile.Read(ref gateways[index]);

    /// <summary>Starts them, all at once.</summary>
    public static async Task<GatewayFleet> StartAsync(SpendingWorld world, int count = 4)
    {
        var fleet = new GatewayFleet(world, count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(fleet.StartAsync));
        // A request waits two seconds for a ledger that is being opened; four gateways that have just started may take longer on two busy cores.
        await world.OpenedAsync();
        return fleet;
    }

    /// <summary>Any of them.</summary>
    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It chooses who is called.")]
    public GatewayProcess Any(Random random) => this[random.Next(Count)];

    /// <summary>Kills one without a word (SIGKILL) and starts it again over its data.</summary>
    public async Task KillAndStartAsync(int index)
    {
        await this[index].KillAsync();
        await StartAsync(index);
    }

    private async Task StartAsync(int index) => Volatile.Write(ref gateways[index], await world.StartGatewayAsync($"gateway-{index}", Patient));
}
