using AspireGateway.Integration.Tests.Stores;

[assembly: AssemblyFixture(typeof(StoresFixture))]

namespace AspireGateway.Integration.Tests.Stores;

/// <summary>
/// The stores that all tests of the assembly share; a test class takes it in its constructor. Each class works in a database and under a key prefix
/// of its own. Tests that stop or freeze a server start a private one instead.
/// </summary>
public sealed class StoresFixture : IAsyncLifetime
{
    /// <summary>The shared Postgres.</summary>
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>The shared Redis.</summary>
    public RedisServer Redis { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var postgres = PostgresServer.StartSharedAsync();
        Redis = await RedisServer.StartSharedAsync();
        Postgres = await postgres;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Postgres is not null) await Postgres.DisposeAsync();
        if (Redis is not null) await Redis.DisposeAsync();
    }
}
