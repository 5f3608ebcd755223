using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Portal.Tests.Host;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace AspireGateway.Portal.Tests.Host;

/// <summary>The Redis that portals purge; organisations keep the tests apart in it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RedisServer.StartSharedAsync();

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }
}
