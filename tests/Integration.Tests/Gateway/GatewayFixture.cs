using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>One world with one gateway, shared by the tests of a class that only call it.</summary>
public sealed class GatewayFixture(StoresFixture stores) : IAsyncLifetime
{
    internal GatewayWorld World { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        World = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        // Some sit a time-out out; the others have to be answered before it.
        await World.ChangeProviderAsync("first_byte_timeout_ms = 3000, idle_timeout_ms = 3000");
        // These tests look at single failures: no second attempt at the same deployment hides them.
        Gateway = await World.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Ingress__MaxBodyBytes=100000", "Gateway__Ingress__MaxMultipartBytes=200000",
            "Gateway__Reliability__Retries=0", "Gateway__Reliability__BreakerFailures=0", "Gateway__Reliability__BreakerFailurePercent=0");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
    }
}
