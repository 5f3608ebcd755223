using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Screening;

public sealed class TextScreenTests
{
    [Fact]
    public void Look_SameValueTwice_GetsTheSamePlaceholder()
    {
        var (body, screened) = Masked("""{"messages":[{"role":"user","content":"Falcon, falcon, Falcon and osprey"},{"role":"user","content":"osprey"}]}""", "falcon", "osprey");

        Assert.Equal("""{"messages":[{"role":"user","content":"<BANNED_WORD_1>, <BANNED_WORD_2>, <BANNED_WORD_1> and <BANNED_WORD_3>"},{"role":"user","content":"<BANNED_WORD_3>"}]}""", body);
        Assert.Equal("falcon", screened.Placeholders.ValueOf("<BANNED_WORD_2>"));
        Assert.Equal("banned_patterns;mask;BANNED_WORD=5", screened.Tally.ToHeader());
    }

    [Fact]
    public void Look_ConversationWithOneMoreTurn_KeepsItsNumbers()
    {
        const string First = """{"role":"user","content":"about falcon and osprey"}""";
        var (before, _) = Masked($$"""{"messages":[{{First}}]}""", "falcon", "osprey", "kite");
        var (after, _) = Masked($$"""{"messages":[{{First}},{"role":"user","content":"and kite, osprey"}]}""", "falcon", "osprey", "kite");

        Assert.Equal(before[..before.IndexOf(']', StringComparison.Ordinal)], after[..(before.Length - 2)]);
        Assert.Contains("and <BANNED_WORD_3>, <BANNED_WORD_2>", after, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_PlaceholderThatTheCallerWrote_StaysTheCallers()
    {
        var (body, screened) = Masked("""{"messages":[{"role":"user","content":"<BANNED_WORD_1> is not falcon"}]}""", "falcon");

        Assert.Contains("<BANNED_WORD_1> is not <BANNED_WORD_2>", body, StringComparison.Ordinal);
        Assert.Null(screened.Placeholders.ValueOf("<BANNED_WORD_1>"));
    }

    [Fact]
    public void Look_SplitOverPartsOfAMessage_IsFoundAndMaskedWhole()
    {
        var (body, _) = Masked("""{"messages":[{"role":"user","content":[{"type":"text","text":"the fal"},{"type":"text","text":"con flies"}]}]}""", "falcon");

        Assert.Equal("""{"messages":[{"role":"user","content":[{"type":"text","text":"the <BANNED_WORD_1>"},{"type":"text","text":" flies"}]}]}""", body);
    }

    [Fact]
    public void Look_EscapesAndUnknownFields_SurviveAroundTheMask()
    {
        var (body, screened) = Masked("""{"x":1e3, "messages":[{"role":"user","content":"a\n\"f\u0061lcon\" 😀"}], "later":[true,null]}""", "falcon");

        Assert.Equal("""{"x":1e3, "messages":[{"role":"user","content":"a\n\"<BANNED_WORD_1>\" \uD83D\uDE00"}], "later":[true,null]}""", body);
        Assert.Equal("falcon", screened.Placeholders.ValueOf("<BANNED_WORD_1>"));
    }

    [Fact]
    public void Look_Block_SaysWhatAndHowMuchButNotTheText()
    {
        var screened = GuardrailWorld.Screened(GuardrailWorld.Banned(GuardrailActions.Block, null, "falcon"));
        var verdict = Look(screened, """{"messages":[{"role":"user","content":"falcon falcon"}]}""");

        Assert.Equal("2 BANNED_WORD", verdict!.Found);
        Assert.False(verdict.HasFailed);
    }

    [Theory]
    [InlineData(GuardrailFailPolicies.Closed, true)]
    [InlineData(GuardrailFailPolicies.Open, false)]
    public void Look_TimeIsUp_FollowsItsFailPolicy(string onError, bool refuses)
    {
        var settings = new GuardrailSettings { BannedPatterns = new() { Level = GuardrailLevels.Standard, Words = ["falcon"], TimeLimitMs = 1, OnError = onError } };
        var metrics = new GuardrailMetrics();
        using var scratch = ScreenScratch.Take();
        BodyTextReader.TryRead("""{"messages":[{"role":"user","content":"falcon"}]}"""u8, 64, scratch.Texts);

        var verdict = new TextScreen(new Hasty(), metrics).Look(scratch, GuardrailWorld.Screened(settings), isReply: false);

        Assert.Equal(refuses, verdict is { HasFailed: true });
        Assert.Equal(1, Assert.Single(metrics.Failures).Value.Value);
    }

    [Fact]
    public void Look_OrdinaryPrompt_MakesHardlyAnyGarbage()
    {
        // What new organisations begin with looks at every request of theirs.
        var policies = new GuardrailPolicies([new GuardrailRow(GuardrailScopes.Organisation, null, new() { Secrets = new() { Level = GuardrailLevels.Standard } })]);
        var words = string.Concat(Enumerable.Repeat("A very ordinary sentence about a report that is due on Friday. ", 32));
        var body = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{words}}"}]}""");
        var metrics = new GuardrailMetrics();
        Assert.Equal(0, Look(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Look(100);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 200);

        int Look(int times)
        {
            var found = 0;
            for (var i = 0; i < times; i++)
            {
                var screened = new Screened(policies.For("t", "k", "m"));
                using var scratch = ScreenScratch.Take();
                BodyTextReader.TryRead(body, 64, scratch.Texts);
                new TextScreen(TimeProvider.System, metrics).Look(scratch, screened, isReply: false);
                found += screened.Tally.Lines.Count;
            }
            return found;
        }
    }

    private static (string Body, Screened Screened) Masked(string body, params string[] words)
    {
        var screened = GuardrailWorld.Screened(GuardrailWorld.Banned(GuardrailActions.Mask, null, words));
        var bytes = Encoding.UTF8.GetBytes(body);
        using var scratch = ScreenScratch.Take();
        Assert.True(BodyTextReader.TryRead(bytes, 64, scratch.Texts));
        Assert.Null(new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false));
        var output = new ArrayBufferWriter<byte>();
        BodyMask.Write(bytes, scratch.Texts, scratch.Replacements, output);
        return (GuardrailWorld.Text(output), screened);
    }

    private static ScreenVerdict? Look(Screened screened, string body)
    {
        using var scratch = ScreenScratch.Take();
        Assert.True(BodyTextReader.TryRead(Encoding.UTF8.GetBytes(body), 64, scratch.Texts));
        return new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false);
    }

    /// <summary>A second goes by each time somebody looks.</summary>
    private sealed class Hasty : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds++;
    }
}
