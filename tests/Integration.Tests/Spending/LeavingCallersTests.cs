using System.Diagnostics.CodeAnalysis;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A budget under callers who hang up and a provider that fails in many ways.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It chooses what goes wrong.")]
public sealed class LeavingCallersTests(StoresFixture stores, ITestOutputHelper output)
{
    private static readonly CallTrouble[] Troubles =
    [
        new("status=500"), new("status=529"), new("cut-before-first"), new("cut-after=3", Stream: true), new("stall-after=3", Stream: true), new("stall-before-first"),
        new("error-after=2", Stream: true), new(Leaves: CallerLeaves.BeforeTheAnswer), new("chunk-ms=2", CallerLeaves.MidStream, Stream: true),
    ];

    [Fact]
    public async Task AbortsAndFaults_EndEveryHold_AndAreBookedOnce()
    {
        await using var chaos = await BudgetUnderChaos.StartAsync(
            await stores.Postgres.CreateDatabaseAsync(), seed: 12, random => random.Next(3) > 0 ? CallTrouble.None : Troubles[random.Next(Troubles.Length)]);

        await chaos.ServesAsync(200);

        output.WriteLine(await chaos.EndAsync());
    }
}
