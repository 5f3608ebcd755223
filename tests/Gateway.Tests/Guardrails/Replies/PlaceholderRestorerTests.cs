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
    [InlineData("a < b and <EMAIL_9> and <STEP_1> and <EMAILS_1> stay", "a < b and <EMAIL_9> and <STEP_1> and <EMAILS_1> stay")]
    [InlineData("<email_1> < EMAIL_1 > &lt;EMAIL_1&gt; <EMAIL-1> <Email 1> <EMAIL1> <EMAIL\\_1>", "bob@example.com bob@example.com bob@example.com bob@example.com bob@example.com bob@example.com bob@example.com")]
    [InlineData("\\u003cEMAIL_1\\u003e &#60;email_2&#62; &#x3C;EMAIL_2&#x3E;", "bob@example.com eve@example.com eve@example.com")]
    [InlineData("R&D < 5 && a <    EMAIL_1> \\ end", "R&D < 5 && a <    EMAIL_1> \\ end")]
    [InlineData("<EMAIL_EMAIL_1> <EMAIL_12> <EMAIL>", "<EMAIL_EMAIL_1> <EMAIL_12> <EMAIL>")]
    [InlineData("<<EMAIL_1>>", "<bob@example.com>")]
    [InlineData("<EMAIL_<EMAIL_1>", "<EMAIL_bob@example.com")]
    [InlineData("it ends in <EMAIL_1", "it ends in <EMAIL_1")]
    [InlineData("<EMAIL_1 >", "bob@example.com")]
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

    [Fact]
    public void Take_AnyFormOfAPlaceholder_IsPutBack()
    {
        var forms = from open in Gen.Elements("<", "&lt;", "&LT;", "&#60;", "&#x3c;", "\\u003C", "\\<")
                    from close in Gen.Elements(">", "&gt;", "&#62;", "&#x3E;", "\\u003e", "\\>")
                    from before in Gen.Choose(0, 3)
                    from after in Gen.Choose(0, 3)
                    from mark in Gen.Elements("_", "-", " ", "__", "\\_", "")
                    from upper in Gen.Choose(0, 31)
                    select $"{open}{new string(' ', before)}{string.Concat("email".Select((letter, i) => (upper >> i & 1) == 1 ? char.ToUpperInvariant(letter) : letter))}{mark}2{new string(' ', after)}{close}";
        Prop.ForAll(forms.ToArbitrary(), ArbMap.Default.ArbFor<NonNegativeInt[]>(), (form, cuts) => Restored(Cut($"to {form}.", cuts)) == "to eve@example.com.").QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Take_NeverGivenOut_IsToldByItsGuardrail()
    {
        var (placeholders, told) = (new Placeholders(), new List<string>());
        placeholders.Of("EMAIL", "bob@example.com", restores: true, "");
        placeholders.Note("EMAIL", "personal_data");
        var restorer = new PlaceholderRestorer(placeholders, isJson: false, told.Add);
        var output = new ArrayBufferWriter<char>();
        restorer.Take("<EMAIL_1> <email 7> <STEP_2> <EMAIL_2>", output);
        restorer.End(output);
        Assert.Equal("bob@example.com <email 7> <STEP_2> <EMAIL_2>", output.WrittenSpan.ToString());
        Assert.Equal(["personal_data", "personal_data"], told);
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
