using System.Net;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>A revoked key ends on every replica within a second.</summary>
[Collection(nameof(Alone))]
public sealed class RevocationTests(StoresFixture stores)
{
    private const string Body = """{"model":"small","messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task RevokedKey_IsRefusedByEveryGatewayWithinASecond()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var one = await world.StartGatewayAsync("one");
        await using var two = await world.StartGatewayAsync("two");
        foreach (var gateway in (GatewayProcess[])[one, two])
        {
            using var served = await gateway.ChatAsync(world.Key, Body);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        await world.Configuration.RevokeKeyAsync(world.Organisation, world.KeyId);
        await Task.WhenAll(RefusedAsync(one, world.Key), RefusedAsync(two, world.Key));
    }

    private static Task<TimeSpan> RefusedAsync(GatewayProcess gateway, string key) =>
        Eventually.HoldsAsync(
            async () =>
            {
                using var response = await gateway.ChatAsync(key, Body);
                return response.StatusCode == HttpStatusCode.Unauthorized;
            },
            TimeSpan.FromSeconds(1), "the revoked key is refused");
}
