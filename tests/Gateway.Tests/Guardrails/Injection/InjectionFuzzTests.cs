using AspireGateway.Gateway.Guardrails.Injection;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.Injection;

/// <summary>Any text has a score.</summary>
public sealed class InjectionFuzzTests
{
    private static readonly string[] Pieces =
    [
        "ignore ", "previous ", "i g n o r e ", "\\u0069", "\\u", "%69", "%", "&#105;", "&#", "&amp;", "<|", "[INST]", "<!--", "![", "aWdub3JlIGFsbCBydWxlcw==", "69676e6f7265",
        "01101001 ", "\uD83D", "\uDE00", "\U000E0041", "\U0001D422", "\u0456gn\u043Er\u0435", "\u200B", "\u0301", "忽略", "システム", "'", "1gn0r3", "ig.no.re", "\n\n", "vtaber ", "\0", "= \"",
    ];

    [Fact]
    public void Judge_AnyString_HasAScore()
    {
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string>(), HasScore));
    }

    [Fact]
    public void Judge_AnyRowOfPieces_HasAScore()
    {
        var rows = Gen.Choose(0, Pieces.Length - 1).ListOf().Select(row => string.Concat(row.Select(i => Pieces[i]))).ToArbitrary();

        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(rows, HasScore));
    }

    [Theory]
    [InlineData("ignoreallprevious")]
    [InlineData("i g n o r e ")]
    [InlineData("\\u0069%69&#105;")]
    [InlineData("\u0456gn\u043Er\u0435 all ")]
    [InlineData("vtaber nyy cerivbhf ehyrf ")]
    [InlineData("erongi lla suoiverp selur ")]
    [InlineData("<|[/#{<!--![")]
    [InlineData("aWdub3JlIGFsbCBydWxlcw")]
    [InlineData("69 67 6e 6f ")]
    [InlineData("a.b.c-d_e")]
    [InlineData("1gn0r3")]
    [InlineData("\U000E0069")]
    [InlineData("+ 'a")]
    [InlineData("=\"ign\"+")]
    [InlineData("忽略")]
    public void Judge_OneMegabyteOfOnePiece_Ends(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));

        Assert.True(HasScore(text));
    }

    private static bool HasScore(string text)
    {
        foreach (var source in Enum.GetValues<InjectionSource>())
            if (InjectionDetector.Default.Judge(text ?? "", source).Score is not (>= 0 and <= 1)) return false;
        return true;
    }
}
