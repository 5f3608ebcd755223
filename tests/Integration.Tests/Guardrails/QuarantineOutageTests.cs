using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Quarantine while Postgres is away.</summary>
public sealed class QuarantineOutageTests
{
    [Fact]
    public async Task Postgres_Away_BlocksWhatCannotBeKept_AndUsesUpNoTicket()
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var world = await GatewayWorld.CreateAsync(await postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync();
        var key = await PolicyKeys.AddAsync(world, new() { BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Quarantine, Words = ["falcon"] } });
        await PolicyKeys.AppliedAsync(world, gateway);
        var body = Ask.Body("the falcon");
        var ticket = await PolicyKeys.TicketAsync(gateway, key, body);
        await world.Configuration.ExecuteAsync("update quarantined_requests set state = 'released', decided_at = now(), valid_until = now() + interval '1 day' where id = $1", ticket);

        await postgres.StopAsync();
        using (var blocked = await gateway.ChatAsync(key, Ask.Body("another falcon")))
        {
            var (code, message) = await Ask.ErrorAsync(blocked);
            Assert.Equal((403, "guardrail_blocked"), ((int)blocked.StatusCode, code));
            Assert.Contains("could not be kept for a reviewer", message, StringComparison.Ordinal);
        }
        var away = await PolicyKeys.RepeatAsync(gateway, key, body, ticket);
        Assert.Equal((503, "store_unavailable"), (away.Status, away.Code));
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key, Ask.Body("a kite")));

        await postgres.StartAsync();
        await Eventually.HoldsAsync(async () => (await PolicyKeys.RepeatAsync(gateway, key, body, ticket)).Status == 200, TimeSpan.FromSeconds(30), "the ticket is used");
        Assert.Contains("has been used", (await PolicyKeys.RepeatAsync(gateway, key, body, ticket)).Message, StringComparison.Ordinal);
    }
}
