using System.Net;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Callers while a ledger is being opened.</summary>
public sealed class OpeningTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallerWhoLeaves_WhileOneLedgerIsOpened_LeavesNothingInTheOther(bool lostIsWide)
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var world = await SpendingWorld.CreateAsync(await postgres.CreateDatabaseAsync());
        await world.LimitAsync(ScopeKinds.Organisation, null, LimitUnits.Concurrency, 100);
        await world.LimitAsync(ScopeKinds.Global, null, LimitUnits.Concurrency, 100);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await Eventually.HoldsAsync(async () => await Ask.StatusAsync(gateway, world.World.Key) == (200, null), TimeSpan.FromSeconds(30), "both ledgers are open");
        var (lost, kept) = lostIsWide ? (LedgerKeys.Of(Guid.Empty), world.Keys) : (world.Keys, LedgerKeys.Of(Guid.Empty));
        await Eventually.HoldsAsync(async () => await HeldAsync() == 0, TimeSpan.FromSeconds(30), "nothing runs");
        // Without the books a lost ledger stays closed; the other one needs none.
        await postgres.FreezeAsync();
        await world.CommandAsync("DEL", lost.Meters);

        using var leaving = new CancellationTokenSource();
        var call = gateway.ChatAsync(world.World.Key, Ask.Body(), cancellationToken: leaving.Token);
        await Eventually.HoldsAsync(async () => await HeldAsync() == 1, TimeSpan.FromSeconds(30), "the open ledger has granted it");
        await leaving.CancelAsync();
        try
        {
            using var response = await call;
            // The machine was so slow that it was answered before it left.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
        catch (OperationCanceledException)
        {
            Assert.True(leaving.IsCancellationRequested);
        }

        await Eventually.HoldsAsync(async () => await HeldAsync() == 0, TimeSpan.FromSeconds(30), "it is given back");
        await postgres.ThawAsync();
        await Eventually.HoldsAsync(async () => await Ask.StatusAsync(gateway, world.World.Key) == (200, null), TimeSpan.FromSeconds(60), "both ledgers are open again");

        async Task<long> HeldAsync() => (long)await world.CommandAsync("HLEN", kept.Holds);
    }
}
