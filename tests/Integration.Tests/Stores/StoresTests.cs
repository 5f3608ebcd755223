using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Integration.Tests.Stores;

public sealed class StoresTests(StoresFixture stores)
{
    [Fact]
    public async Task Database_JustCreated_IsMigratedAndEmpty()
    {
        var connectionString = await stores.Postgres.CreateDatabaseAsync();

        await using var context = new GatewayDbContext(new DbContextOptionsBuilder<GatewayDbContext>().UseNpgsql(connectionString).Options);

        Assert.Empty(await context.Database.GetPendingMigrationsAsync());
        Assert.Equal(0, await context.Organisations.CountAsync());
        Assert.Equal(0, (await context.ConfigurationStates.SingleAsync()).Revision);
    }

    [Fact]
    public async Task PrivateServer_StoppedAndStarted_KeepsItsData()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        var connectionString = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Pooling = false }.ConnectionString;
        await RunAsync(connectionString, "create table kept (n int); insert into kept values (7)");

        await server.StopAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => RunAsync(connectionString, "select 1"));
        await server.StartAsync();

        Assert.Equal(7, await RunAsync(connectionString, "select n from kept"));
    }

    [Fact]
    public async Task PrivateServer_Frozen_AnswersNothingUntilThawed()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();

        await server.FreezeAsync();
        await using var command = new NpgsqlCommand("select 1", connection);
        var answer = command.ExecuteScalarAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300)));
        await server.ThawAsync();

        Assert.Equal(1, await answer.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
