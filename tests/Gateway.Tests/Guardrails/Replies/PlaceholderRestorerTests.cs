using System.Buffers;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Replies;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.Replies;

public sealed class PlaceholderRestorerTests
{
    private static readonly Placeholders Known = Of(("EMAIL", "bob@example.com"), ("EMAIL", "eve@example.com"), ("SECRET", "a\"b\\c"));

    [Theory]
    [InlineData("Write to <EMAIL_1>, not <EMAIL_2>.", "Write to bob@example.com, not eve@example.com.")]
    [InlineData("a < b and <EMAIL_9> and <email_1> stay", "a < b and <EMAIL_9> and <email_1> stay")]
    [InlineData("<<EMAIL_1>>", "<bob@example.com>")]
    [InlineData("<EMAIL_<EMAIL_1>", "<EMAIL_bob@example.com")]
    [InlineData("it ends in <EMAIL_1", "it ends in <EMAIL_1")]
    [InlineData("<EMAIL_1 >", "<EMAIL_1 >")]
    [InlineData("", "")]
    public void Take_Text_PutsBackWhatIsKnown(string text, string expected) => Assert.Equal(expected, Restored([text]));

    [Fact]
    public void Take_ArgumentsOfACall_EscapesTheValue() => Assert.Equal("""{"key":"a\"b\\c"}""", Restored(["""{"key":"<SECRET_1>"}"""], isJson: true));

    [Fact]
    public void Take_AnyCut_GivesTheSame()
    {
        var texts = from pieces in Gen.ListOf(Gen.Elements("<EMAIL_1>", "<EMAIL_", "2>", "<", ">", "x", "EMAIL_1", "<SECRET_1>", "😀", new string('A', 60)))
                    select string.Concat(pieces);
        Prop.ForAll(texts.ToArbitrary(), ArbMap.Default.ArbFor<NonNegativeInt[]>(), (text, cuts) => Restored(Cut(text, cuts)) == Restored([text])).QuickCheckThrowOnFailure();
    }

    internal static string[] Cut(string text, NonNegativeInt[] cuts)
    {
        var places = cuts.Select(cut => cut.Get % (text.Length + 1)).Append(0).Append(text.Length).Distinct().Order().ToArray();
        return [.. places.Zip(places.Skip(1), (from, to) => text[from..to])];
    }

    private static string Restored(string[] pieces, bool isJson = false)
    {
        var output = new ArrayBufferWriter<char>();
        var restorer = new PlaceholderRestorer(Known, isJson);
        foreach (var piece in pieces) restorer.Take(piece, output);
        restorer.End(output);
        return output.WrittenSpan.ToString();
    }

    private static Placeholders Of(params (string Type, string Value)[] values)
    {
        var placeholders = new Placeholders();
        foreach (var (type, value) in values) placeholders.Of(type, value, restores: true, "");
        return placeholders;
    }
}
