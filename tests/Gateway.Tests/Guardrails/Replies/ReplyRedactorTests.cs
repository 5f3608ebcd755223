using System.Buffers;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Shared.Domain.Guardrails;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.Replies;

public sealed class ReplyRedactorTests
{
    [Theory]
    [InlineData("the falcon flies", "the <BANNED_WORD> flies")]
    [InlineData("falcon", "<BANNED_WORD>")]
    [InlineData("a falcon, a falcon", "a <BANNED_WORD>, a <BANNED_WORD>")]
    [InlineData("falconry stays", "falconry stays")]
    public void Take_Mask_TakesItOut(string text, string expected) => Assert.Equal(expected, Redacted(GuardrailActions.Mask, [text]).Text);

    [Fact]
    public void Take_Block_LetsNothingOfItsWindowOut()
    {
        var (text, blocked) = Redacted(GuardrailActions.Block, [new string('a', 2000) + ' ', "fal", "con and more"]);

        Assert.True(blocked);
        Assert.DoesNotContain("f", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_LongText_HoldsBackNoMoreThanItsWindow()
    {
        var screened = GuardrailWorld.Screened(GuardrailWorld.Banned(GuardrailActions.Flag, GuardrailActions.Mask, "falcon"));
        var redactor = new ReplyRedactor(screened, new());
        var output = new ArrayBufferWriter<char>();
        for (var i = 0; i < 10_000; i++) redactor.Take("word ", output);

        Assert.InRange(redactor.Waiting, 0, GuardrailRule.MaxPatternLength + 64);
        redactor.End(output);
        Assert.Equal(50_000, output.WrittenCount);
    }

    [Theory]
    [InlineData(GuardrailActions.Mask)]
    [InlineData(GuardrailActions.Block)]
    [InlineData(GuardrailActions.Flag)]
    public void Take_AnyCut_GivesTheSame(string action)
    {
        var texts = from pieces in Gen.ListOf(Gen.Elements("falcon", "fal", "con", " ", "osprey nest", "a very ordinary sentence about birds. ", new string('x', 300)))
                    select string.Concat(pieces);
        Prop.ForAll(texts.ToArbitrary(), ArbMap.Default.ArbFor<NonNegativeInt[]>(), (text, cuts) => Redacted(action, PlaceholderRestorerTests.Cut(text, cuts)) == Redacted(action, [text]))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Take_KeyOfManyLines_LeavesNoneOfThem()
    {
        var lines = Enumerable.Range(0, 26).Select(i => Convert.ToBase64String(System.Security.Cryptography.SHA384.HashData([(byte)i]))).ToArray();
        var key = "-----BEGIN " + "PRIVATE KEY-----\n" + string.Join('\n', lines) + "\n-----END " + "PRIVATE KEY-----";
        var screened = GuardrailWorld.Screened(new() { Secrets = new() { Level = GuardrailLevels.Standard, ReplyAction = GuardrailActions.Mask } });
        foreach (var size in (int[])[1, 7, 64, 5000])
        {
            var redactor = new ReplyRedactor(screened, new());
            var output = new ArrayBufferWriter<char>();
            foreach (var piece in $"Here it is:\n{key}\nKeep it safe.".Chunk(size)) Assert.Null(redactor.Take(piece, output));
            Assert.Null(redactor.End(output));

            Assert.Equal("Here it is:\n<PRIVATE_KEY>\nKeep it safe.", output.WrittenSpan.ToString());
        }
        Assert.Equal("secrets;reply;mask;PRIVATE_KEY=4", screened.Tally.ToHeader());
    }

    private static (string Text, bool IsBlocked) Redacted(string action, string[] pieces)
    {
        var screened = GuardrailWorld.Screened(GuardrailWorld.Banned(GuardrailActions.Flag, action, "falcon", "osprey nest"));
        var redactor = new ReplyRedactor(screened, new());
        var output = new ArrayBufferWriter<char>();
        foreach (var piece in pieces)
            if (redactor.Take(piece, output) is not null) return (output.WrittenSpan.ToString(), true);
        var isBlocked = redactor.End(output) is not null;
        return (output.WrittenSpan.ToString(), isBlocked);
    }
}
