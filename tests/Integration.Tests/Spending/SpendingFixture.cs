using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>One world with one gateway, shared by the tests of a class. Each works with keys or names of its own.</summary>
public sealed class SpendingFixture(StoresFixture stores) : IAsyncLifetime
{
    internal SpendingWorld World { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        World = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await World.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        // Before its first limit an organisation has no ledger to be opened.
        await World.LimitAsync(Shared.Domain.Limits.ScopeKinds.Organisation, null, Shared.Domain.Limits.LimitUnits.Concurrency, 1_000);
        Gateway = await World.StartGatewayAsync("gateway", SpendingWorld.Patient, "Gateway__Spending__MaxQueuedPerLimit=20", "Gateway__Spending__MaxQueuedPerKey=12");
        await World.OpenedAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
    }
}
