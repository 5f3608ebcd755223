using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Tests.Matrix;
using AspireGateway.Gateway.Tests.Routing.Rules;

namespace AspireGateway.Gateway.Tests.Reliability.Credentials;

public sealed class CredentialSpreadTests
{
    [Fact]
    public void Choose_AllAwake_TheyTakeTurns()
    {
        var slots = Slots(3);
        var chosen = Enumerable.Range(0, 9).Select(turn => (int)CredentialSpread.Choose(slots, (uint)turn, 1_000)).ToArray();
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2], chosen);
        // The counter starts again some day.
        Assert.InRange(CredentialSpread.Choose(slots, uint.MaxValue, 1_000), 0, 2);
    }

    [Fact]
    public void Choose_OneRests_TheOthersServe()
    {
        var slots = Slots(3);
        slots[1].Limit(5_000);
        var chosen = Enumerable.Range(0, 30).Select(turn => (int)CredentialSpread.Choose(slots, (uint)turn, 4_999)).ToArray();
        Assert.DoesNotContain(1, chosen);
        Assert.Equal(1, CredentialSpread.Choose(slots, 1, 5_000));
    }

    [Fact]
    public void Choose_AllRest_TheOneThatWakesFirst()
    {
        var slots = Slots(3);
        slots[0].Limit(9_000);
        slots[1].Limit(3_000);
        slots[2].Refuse(1_000, 600_000);
        for (var turn = 0u; turn < 3; turn++) Assert.Equal(1, CredentialSpread.Choose(slots, turn, 2_000));
        Assert.False(CredentialSpread.HasAwake(slots, 2_000));
        Assert.True(CredentialSpread.HasAwake(slots, 3_000));
    }

    [Fact]
    public void Choose_OneIsPreferred_ItIsTakenEachTime_UntilItRests()
    {
        var time = new RuleWorld.ManualTime();
        var deployment = Protocols.Deployment("anthropic", credentials: Slots(3));
        var preferred = deployment.Credentials[2];
        for (var i = 0; i < 6; i++) Assert.Equal(2, CredentialSpread.Choose(deployment, time, preferred.Credential.Id));

        preferred.Limit(time.Now.AddSeconds(5).ToUnixTimeMilliseconds());
        Assert.Equal([0, 1], Enumerable.Range(0, 6).Select(_ => (int)CredentialSpread.Choose(deployment, time, preferred.Credential.Id)).Distinct().Order());
        time.Now = time.Now.AddSeconds(5);
        Assert.Equal(2, CredentialSpread.Choose(deployment, time, preferred.Credential.Id));
        // One that was taken away meanwhile, and none: turns.
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 6).Select(_ => (int)CredentialSpread.Choose(deployment, time, Guid.NewGuid())).Distinct().Order());
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 6).Select(_ => (int)CredentialSpread.Choose(deployment, time, null)).Distinct().Order());
    }

    [Fact]
    public void Slot_RefusedWhileLimited_RestsForTheLonger_AndTellsOnce()
    {
        var slot = Slots(1)[0];
        slot.Limit(5_000);
        Assert.True(slot.Refuse(1_000, 601_000));
        Assert.False(slot.Refuse(2_000, 602_000));
        Assert.True(slot.RestsAt(601_999) && slot.IsRefusedAt(601_999) && !slot.RestsAt(602_000));
        Assert.True(slot.Refuse(700_000, 1_300_000));
        // A shorter limit does not end a longer one.
        slot.Limit(1_500_000);
        slot.Limit(1_400_000);
        Assert.Equal(1_500_000, slot.RestsUntilMs);
    }

    internal static CredentialSlot[] Slots(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new CredentialSlot(new CredentialSnapshot { Id = Guid.NewGuid(), ProviderId = Guid.Empty, Envelope = [1] }))];
}
