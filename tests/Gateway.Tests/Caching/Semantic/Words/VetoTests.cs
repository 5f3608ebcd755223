using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Tests.Caching.Semantic.Words;

/// <summary>What makes two questions that look alike different ones, and what does not.</summary>
public sealed class VetoTests
{
    [Theory]
    // Numbers, units, currencies, dates.
    [InlineData("take 5 mg", "take 50 mg", "Numbers")]
    [InlineData("take 5 mg", "take five mg", "None")]
    [InlineData("take 5 mg", "take 5mg", "None")]
    [InlineData("take 5 mg", "take 5 g", "Numbers")]
    [InlineData("it costs 1,000 dollars", "it costs $1000", "Numbers")]
    [InlineData("it costs 1,000 dollars", "it costs 1000 dollars", "None")]
    [InlineData("it costs 5 dollars", "it costs 5 euros", "Numbers")]
    [InlineData("it costs 5 %", "it costs 5%", "None")]
    [InlineData("python 3.1 is out", "python 3.10 is out", "Numbers")]
    [InlineData("from 5 to 7", "from 7 to 5", "Numbers")]
    [InlineData("the meeting on 2024-01-05", "the meeting on 2024-01-06", "Numbers")]
    [InlineData("sales in january", "sales in Jan", "None")]
    [InlineData("sales in january", "sales in june", "Numbers")]
    [InlineData("weather today", "weather tomorrow", "Numbers")]
    [InlineData("open on Monday at 5", "at 5 on Monday, open", "None")]
    [InlineData("rain on 5 June", "rain on June 5", "None")]
    [InlineData("-5 degrees", "5 degrees", "Numbers")]
    [InlineData("is a < b", "is a > b", "Numbers")]
    [InlineData("zwei Karten", "drei Karten", "Numbers")]
    // Negations, of several languages.
    [InlineData("is it safe", "is it not safe", "Negations")]
    [InlineData("it does not work", "it doesn't work", "None")]
    [InlineData("it does not work", "it doesn\u2019t work", "None")]
    [InlineData("coffee with milk", "coffee without milk", "Negations")]
    [InlineData("I always eat", "I never eat", "Negations")]
    [InlineData("darf ich das", "darf ich das nicht", "Negations")]
    [InlineData("ich habe Zeit", "ich habe keine Zeit", "Negations")]
    [InlineData("il marche", "il ne marche pas", "Negations")]
    [InlineData("funciona", "no funciona", "Negations")]
    [InlineData("con azúcar", "sin azúcar", "Negations")]
    [InlineData("可以吃", "不可以吃", "Negations")]
    // Question words.
    [InlineData("who built it", "when was it built", "Questions")]
    [InlineData("wie geht das", "warum geht das", "Questions")]
    // Names and codes, in their order.
    [InlineData("trains in Paris", "trains in London", "Names")]
    [InlineData("trains in Paris", "trains in paris", "None")]
    [InlineData("trains in paris", "trains in london", "Names")]
    [InlineData("fly Paris London", "fly London Paris", "Names")]
    [InlineData("ask Maria about it", "ask Peter about it", "Names")]
    [InlineData("open GPT-4", "open GPT-5", "Names")]
    [InlineData("call <EMAIL_1>", "call <EMAIL_2>", "Names")]
    [InlineData("look at src/a.cs", "look at src/b.cs", "Names")]
    [InlineData("write it in C++", "write it in C#", "Names")]
    [InlineData("what happened in May", "what happened in June", "Numbers")]
    // Quotations, letter by letter.
    [InlineData("translate \"hello\" please", "translate \"Hello\" please", "Quotes")]
    [InlineData("translate \"hello\" please", "translate \u201Chello\u201D please", "None")]
    // Opposites.
    [InlineData("increase the volume", "decrease the volume", "Opposites")]
    [InlineData("the day before it", "the day after it", "Opposites")]
    [InlineData("mail from him", "mail to him", "Opposites")]
    [InlineData("turn it on", "turn it off", "Opposites")]
    [InlineData("sort it ascending", "sort it descending", "Opposites")]
    // What may differ.
    [InlineData("How do I reset it?", "how can i reset it", "None")]
    [InlineData("HOW DO I RESET IT", "How do I reset it", "None")]
    public void Of_TwoQuestions_SaysWhatSpeaksAgainst(string one, string other, string reason)
    {
        Assert.Equal(reason, Of(one, other, allWords: false).ToString());
        Assert.Equal(reason, Of(other, one, allWords: false).ToString());
    }

    [Theory]
    [InlineData("reset my password", "change my password", true)]
    [InlineData("reset my password", "reset my passwords please", false)]
    [InlineData("running tests", "run tests", false)]
    [InlineData("sort the table", "sort the table by size", true)]
    [InlineData("drive from the harbour to the castle", "drive from the castle to the harbour", true)]
    [InlineData("how do I drive to the castle", "how to drive to the castle", false)]
    public void Of_OtherWords_SpeaksAgainstOnlyWhereTheyCount(string one, string other, bool differs)
    {
        Assert.Equal(VetoReason.None, Of(one, other, allWords: false));
        Assert.Equal(differs ? VetoReason.Words : VetoReason.None, Of(one, other, allWords: true));
        Assert.Equal(differs ? VetoReason.Words : VetoReason.None, Of(other, one, allWords: true));
    }

    [Fact]
    public void TryRead_TooManyWords_IsFalse()
    {
        using QuestionText few = new(), many = new();
        Assert.True(QuestionReader.TryRead("one two", 2, few));
        Assert.False(QuestionReader.TryRead(string.Join(' ', Enumerable.Repeat("word", 10_000)), 400, many));
    }

    private static VetoReason Of(string one, string other, bool allWords)
    {
        using QuestionText asked = new(), kept = new();
        Assert.True(QuestionReader.TryRead(one, 400, asked) && QuestionReader.TryRead(other, 400, kept));
        return Veto.Of(asked.Words, kept.Words, allWords);
    }
}
