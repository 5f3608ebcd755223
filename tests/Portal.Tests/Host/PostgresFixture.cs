using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Portal.Tests.Host;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace AspireGateway.Portal.Tests.Host;

/// <summary>The Postgres that all tests of the assembly share; each class has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.StartSharedAsync();

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }
}
