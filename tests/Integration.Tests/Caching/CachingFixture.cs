using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>One world with a gateway that keeps replies in a Redis of its own, shared by the tests of a class.</summary>
public sealed class CachingFixture(StoresFixture stores) : IAsyncLifetime
{
    internal CachingWorld Caching { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => Caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync());

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Caching is not null) await Caching.DisposeAsync();
    }
}
