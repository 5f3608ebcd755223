using AspireGateway.Gateway.Guardrails.Groundedness;

namespace AspireGateway.Gateway.Tests.Guardrails.Groundedness;

public sealed class SentenceReaderTests
{
    [Theory]
    [InlineData("1,234.50", "1234.5")]
    [InlineData("1.234,50", "1234.5")]
    [InlineData("1,234", "1234")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("0.125", "0.125")]
    [InlineData("3.14", "3.14")]
    [InlineData("007", "7")]
    [InlineData("2,0", "2")]
    [InlineData("0", "0")]
    public void Number_AnyLayout_IsTheSame(string text, string expected) => Assert.Equal(expected, SentenceReader.Number(text));

    [Theory]
    [InlineData("The shop opens at 9. It closes at 18.30!", 2)]
    [InlineData("Dr. A. Smith pays 3.50 euros.", 2)]
    [InlineData("- first point\n- second point", 2)]
    [InlineData("店は九時に開きます。閉店は六時です。", 2)]
    [InlineData("", 0)]
    [InlineData("... !? 🙂", 0)]
    public void Read_Text_IsCutAtItsSentences(string text, int count) => Assert.Equal(count, SentenceReader.Read(text).Count);

    [Fact]
    public void Read_Sentence_KeepsWhatCarriesFacts()
    {
        var sentence = Assert.Single(SentenceReader.Read("The invoices of Ada Lovelace were not paid in 1.250 days"));
        Assert.True(sentence.IsNegated);
        Assert.Equal([FactKind.Content, FactKind.Name, FactKind.Name, FactKind.Content, FactKind.Number, FactKind.Content], sentence.Words.Select(word => word.Kind));
        Assert.Equal("1250", sentence.Words[4].Stem);
    }

    [Theory]
    [InlineData("payments payment", 1)]
    [InlineData("Rechnung Rechnungen", 1)]
    [InlineData("café cafe CAFÉ", 1)]
    [InlineData("<EMAIL_1> <EMAIL_2> writes", 1)]
    [InlineData("Straße Strasse", 1)]
    public void Read_FormsOfAWord_AreOne(string text, int stems) => Assert.Equal(stems, Assert.Single(SentenceReader.Read(text)).Stems.Count);

    [Fact]
    public void Claims_OnlyWhatSaysSomething()
    {
        Assert.All(SentenceReader.Read("Sure! Of course. Is the invoice of Ada paid?"), sentence => Assert.False(sentence.Claims));
        Assert.All(SentenceReader.Read("It costs 9. Pay Ada. Blue paint dries slowly."), sentence => Assert.True(sentence.Claims));
    }
}
