using System.Globalization;
using System.Text.RegularExpressions;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Guardrails;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Requests that somebody must agree to first.</summary>
public sealed partial class ApprovalTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const string Header = "x-gateway-approval";

    // A thousand output tokens cost 600,000 nano-USD, the input at most some 180,000.
    private const string Above = "approval_threshold_nano_usd = 300000";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Dear = Ask.Body(maxTokens: 1_000);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task Dear_NeedsATicket_WhichIsUsedOnce_ByItsKey_ForItsModel()
    {
        var (key, other) = (await world.AddKeyAsync(Above), await world.AddKeyAsync(Above));
        await world.AppliedAsync(gateway);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret, Ask.Body(maxTokens: 50)));
        var ticket = await AskForTicketAsync(key.Secret);

        Assert.Equal((402, "approval_required"), await Ask.StatusAsync(gateway, key.Secret, Dear, (Header, ticket)));
        await GrantAsync(ticket, once: true, ceiling: 1_000_000);
        Assert.Equal((402, "approval_required"), await Ask.StatusAsync(gateway, other.Secret, Dear, (Header, ticket)));
        Assert.Equal((402, "approval_required"), await Ask.StatusAsync(gateway, key.Secret, Ask.Body(maxTokens: 1_000, model: "chain"), (Header, ticket)));
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret, Dear, (Header, ticket)));
        using var again = await gateway.ChatAsync(key.Secret, Dear, headers: (Header, ticket));
        var (code, message) = await Ask.ErrorAsync(again);
        Assert.Equal("approval_required", code);
        Assert.Contains("has been used", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticket_IsUsedOnce_HoweverManyTryAtOnce()
    {
        var key = await world.AddKeyAsync(Above);
        await world.AppliedAsync(gateway);
        var ticket = await AskForTicketAsync(key.Secret);
        await GrantAsync(ticket, once: true, ceiling: 1_000_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Ask.StatusAsync(gateway, key.Secret, Dear, (Header, ticket))));

        Assert.Equal(1, answers.Count(answer => answer == (200, null)));
        Assert.Equal(15, answers.Count(answer => answer == (402, "approval_required")));
    }

    [Fact]
    public async Task Ticket_WhoseRequestFailed_CanBeUsedAgain()
    {
        var key = await world.AddKeyAsync(Above);
        await world.AppliedAsync(gateway);
        var ticket = await AskForTicketAsync(key.Secret);
        await GrantAsync(ticket, once: true, ceiling: 1_000_000);

        Assert.Equal((502, "upstream_error"), await Ask.StatusAsync(gateway, key.Secret, Ask.Body(directives: "status=500", maxTokens: 1_000), (Header, ticket)));
        await world.HoldsAsync(0);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret, Dear, (Header, ticket)));
    }

    [Fact]
    public async Task Granted_ForAPeriod_ServesUpToItsCeiling_UntilItEnds()
    {
        var key = await world.AddKeyAsync(Above);
        await world.AppliedAsync(gateway);
        var ticket = await AskForTicketAsync(key.Secret);
        await GrantAsync(ticket, once: false, ceiling: 1_000_000);

        for (var i = 0; i < 3; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret, Dear, (Header, ticket)));
        using (var dearer = await gateway.ChatAsync(key.Secret, Ask.Body(maxTokens: 5_000), headers: (Header, ticket)))
        {
            var (code, message) = await Ask.ErrorAsync(dearer);
            Assert.Equal("approval_required", code);
            Assert.Contains("allows up to $0.001 for a request", message, StringComparison.Ordinal);
        }
        await ChangeAsync(ticket, "valid_until = now() - interval '1 second'");
        Assert.Equal((402, "approval_required"), await Ask.StatusAsync(gateway, key.Secret, Dear, (Header, ticket)));
    }

    [Fact]
    public async Task Cheaper_TakesTheCheaperModelInstead()
    {
        var key = await world.AddKeyAsync(Above + ", approval_action = 'cheaper', approval_model = 'small'");
        await world.AppliedAsync(gateway);

        using var response = await gateway.ChatAsync(key.Secret, Ask.Body(maxTokens: 1_000, model: "chain"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            ("small", "chain", "approval_policy"),
            (Ask.Header(response, "x-gateway-model"), Ask.Header(response, "x-gateway-downgraded-from"), Ask.Header(response, "x-gateway-route-reason")));
    }

    [Fact]
    public async Task Dear_AndQuarantined_TakesBothTicketsInOneHeader()
    {
        var key = await world.AddKeyAsync(Above);
        await PolicyKeys.SetAsync(world.World, GuardrailScopes.Key, key.Id.ToString(), new()
        {
            BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Quarantine, Words = ["falcon"] },
        });
        await world.AppliedAsync(gateway);
        var approval = await AskForTicketAsync(key.Secret);
        await GrantAsync(approval, once: true, ceiling: 1_000_000);

        var body = Ask.Body("the falcon", maxTokens: 1_000);
        using var kept = await gateway.ChatAsync(key.Secret, body, headers: (Header, approval));
        Assert.Equal("quarantined", (await Ask.ErrorAsync(kept)).Code);
        var release = Ask.Header(kept, "x-gateway-ticket");
        await world.World.Configuration.ExecuteAsync(
            "update quarantined_requests set state = 'released', decided_at = now(), valid_until = now() + interval '1 hour' where id = $1", Guid.Parse(release, CultureInfo.InvariantCulture));
        // What was refused has not used the approval.
        await world.HoldsAsync(0);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret, body, (Header, $"{release}, {approval}")));
        Assert.Equal((402, "approval_required"), await Ask.StatusAsync(gateway, key.Secret, body, (Header, $"{release}, {approval}")));
    }

    [GeneratedRegex("Ticket (?<ticket>[0-9a-f-]{36}):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TicketIn();

    /// <summary>Is refused with a ticket, and waits until approvers see it.</summary>
    private async Task<string> AskForTicketAsync(string key)
    {
        using var refused = await gateway.ChatAsync(key, Dear);
        var (code, message) = await Ask.ErrorAsync(refused);
        Assert.Equal((402, "approval_required"), ((int)refused.StatusCode, code));
        Assert.Contains("above $0.0003 somebody must agree", message, StringComparison.Ordinal);
        var ticket = TicketIn().Match(message).Groups["ticket"].Value;
        await Eventually.HoldsAsync(
            async () => (await world.World.Configuration.IdsAsync(
                "select id from approvals where id = $1 and status = 'pending' and worst_case_nano_usd > threshold_nano_usd and expected_nano_usd > 0", Guid.Parse(ticket, CultureInfo.InvariantCulture))).Length == 1,
            Patience, "the ticket waits for a decision");
        return ticket;
    }

    private Task GrantAsync(string ticket, bool once, long ceiling) => ChangeAsync(
        ticket,
        string.Create(
            CultureInfo.InvariantCulture,
            $"status = '{ApprovalStatuses.Granted}', decided_at = now(), decided_by = 'test', once = {once}, ceiling_nano_usd = {ceiling}, valid_until = now() + interval '1 hour'"));

    private async Task ChangeAsync(string ticket, string set)
    {
        var id = Guid.Parse(ticket, CultureInfo.InvariantCulture);
        await world.World.Configuration.WriteAsync([new(ConfigurationKinds.Approval, id, world.World.Organisation)], $"update approvals set {set} where id = $1", id);
        await world.AppliedAsync(gateway);
    }
}
