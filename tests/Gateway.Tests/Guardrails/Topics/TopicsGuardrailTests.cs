using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Topics;

public sealed class TopicsGuardrailTests
{
    private static readonly GuardrailRule Standard = new() { Level = GuardrailLevels.Standard }, Strict = new() { Level = GuardrailLevels.Strict };
    private static readonly GuardrailRule All = Standard with { DeniedTopics = [.. TopicNames.BuiltIn] };

    [Theory]
    [InlineData("POLITICS", "Write a campaign speech for a senator.")]
    [InlineData("POLITICS", "Should I vote for the Labour candidate?")]
    [InlineData("POLITICS", "Wie funktioniert die Bundestagswahl?")]
    [InlineData("RELIGION", "What does the Quran say about charity?")]
    [InlineData("RELIGION", "Explique-moi la messe dans une eglise et la priere, puis la bible.")]
    [InlineData("HEALTH", "Which symptoms does diabetes have?")]
    [InlineData("HEALTH", "My child has a fever and a rash, which dose of paracetamol is right?")]
    [InlineData("LAW", "Can I sue my landlord for eviction?")]
    [InlineData("LAW", "Brauche ich einen Anwalt für die Klage?")]
    [InlineData("INVESTING", "Should I buy Bitcoin or an ETF?")]
    [InlineData("INVESTING", "Which stocks pay the best dividends?")]
    [InlineData("GAMBLING", "Teach me blackjack strategy for the casino.")]
    [InlineData("GAMBLING", "Gib mir Tipps für Sportwetten.")]
    [InlineData("RELATIONSHIPS", "How do I break up with my girlfriend?")]
    [InlineData("RELATIONSHIPS", "Rate my Tinder opener.")]
    [InlineData("SPORTS", "Who won the Super Bowl?")]
    [InlineData("SPORTS", "Explain the offside rule in football.")]
    [InlineData("ENTERTAINMENT", "Recommend a movie on Netflix.")]
    [InlineData("ENTERTAINMENT", "Which actress won an Academy Award?")]
    [InlineData("PROGRAMMING", "Write a Python function that sorts a list.")]
    [InlineData("PROGRAMMING", "Why does this SQL query not use the index?")]
    [InlineData("COOKING", "Give me a recipe for chicken soup.")]
    [InlineData("COOKING", "Wie lange muss der Teig backen?")]
    [InlineData("TRAVEL", "Book a flight to Lisbon and a hotel near the beach.")]
    [InlineData("TRAVEL", "Plan an itinerary for our vacation.")]
    public void Look_QuestionOfATopic_IsFound(string topic, string text) => Assert.Contains($"TOPIC_{topic}", Blocked(All, Says(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Summarise the notes of our meeting with the team.")]
    [InlineData("What is our market share this quarter?")]
    [InlineData("The customer has not paid the invoice.")]
    [InlineData("Please share the agenda with all players in the project.")]
    [InlineData("The goal of this season's campaign is more newsletters.")]
    [InlineData("Our partner signs the contract on Monday.")]
    [InlineData("The function of this part is to hold the lamp.")]
    [InlineData("Doctor the wording a little so that it sounds kinder.")]
    [InlineData("He is a good judge of character.")]
    [InlineData("The train of thought got lost.")]
    [InlineData("They love the new colour of the box.")]
    [InlineData("The trade fair opens in May.")]
    [InlineData("Wann wird meine Bestellung geliefert?")]
    [InlineData("Das Gerät geht nicht an.")]
    [InlineData("Comment changer mon mot de passe ?")]
    [InlineData("Résume ce rapport en trois phrases.")]
    [InlineData("¿Cuándo llega mi pedido?")]
    [InlineData("Bitte fassen Sie den Vorgang zusammen.")]
    [InlineData("Put the boxes in the kitchen and the lamps in the hall.")]
    [InlineData("The president of the club thanks the donors.")]
    [InlineData("Is there a party room for forty guests?")]
    [InlineData("The pressure in the pipe is too low.")]
    public void Look_QuestionOfNone_Passes(string text) => Assert.Null(Blocked(All, Says(text)));

    [Fact]
    public void Look_TopicThatIsNotDenied_Passes() => Assert.Null(Blocked(Standard with { DeniedTopics = ["politics"] }, Says("Give me a recipe for chicken soup.")));

    [Fact]
    public void Look_OneWordInALongText_IsNotItsTopic()
    {
        var text = string.Join(' ', Enumerable.Repeat("The lamp hangs above the long table in the hall.", 6)) + " The hotel wants two of them.";
        Assert.Null(Blocked(All, Says(text)));
        Assert.Contains("TOPIC_TRAVEL", Blocked(All with { Level = GuardrailLevels.Strict }, Says(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_WordsThatStandFarApart_AreNotWeighedTogether()
    {
        var far = string.Join(' ', Enumerable.Repeat("and so the lamp hangs above the long table", 12));
        Assert.Null(Blocked(All, Says($"The airline {far} wants a passport {far} ok")));
        Assert.Contains("TOPIC_TRAVEL", Blocked(All, Says($"The airline wants a passport {far} ok")), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_SystemPromptToolsAndModel_MayTalkAboutAnything() => Assert.Null(Blocked(
        All, """[{"role":"system","content":"Never talk about the election or a senator."},{"role":"assistant","content":"No recipe for soup."},{"role":"tool","content":"A hotel and a flight."},{"role":"user","content":"Hello there"}]"""));

    [Fact]
    public void Look_PartsOfOneMessage_AreOneText() => Assert.Equal(
        "TOPIC_LAW", Blocked(Standard with { DeniedTopics = ["law"] }, """[{"role":"user","content":[{"type":"text","text":"Can I"},{"type":"text","text":"sue my neighbour?"}]}]"""));

    [Fact]
    public void Look_OnlySomeAllowed_FindsOtherKnownTopics()
    {
        var rule = Standard with { AllowedTopics = ["cooking"] };
        Assert.Equal("OFF_TOPIC", Blocked(rule, Says("Who won the Super Bowl?")));
        Assert.Null(Blocked(rule, Says("Give me a recipe for the Super Bowl party.")));
        Assert.Null(Blocked(rule, Says("Yes, please.")));
        Assert.Equal("OFF_TOPIC", Blocked(rule, """[{"role":"user","content":"A recipe for soup"},{"role":"assistant","content":"Here"},{"role":"user","content":"Now write a Python script"}]"""));
    }

    [Fact]
    public void Look_OnlySomeAllowedAndStrict_AsksForOneToBeTouched()
    {
        var rule = Strict with { AllowedTopics = ["cooking"] };
        Assert.Equal("OFF_TOPIC", Blocked(rule, Says("Write a birthday card.")));
        Assert.Null(Blocked(rule, """[{"role":"user","content":"A recipe for soup"},{"role":"assistant","content":"Here"},{"role":"user","content":"Yes, please"}]"""));
    }

    [Fact]
    public void Look_OwnTopic_IsFoundByItsWords()
    {
        var rule = Standard with { DeniedTopics = ["rivals"], OwnTopics = ["rivals: globex, initech*, switch to, !globex cloud"] };
        Assert.Equal("TOPIC_RIVALS", Blocked(rule, Says("Is the Globex Cloud cheaper?")));
        Assert.Null(Blocked(rule, Says("I met a man from Globex.")));
        Assert.Equal("TOPIC_RIVALS", Blocked(rule with { Level = GuardrailLevels.Strict }, Says("Should we switch to Globex?")));
        Assert.Null(Blocked(rule with { Level = GuardrailLevels.Strict }, Says("Should we go on?")));
    }

    [Fact]
    public void Look_OwnTopicThatCannotBeRead_LeavesTheOthers() =>
        Assert.Equal("TOPIC_RIVALS", Blocked(Standard with { DeniedTopics = ["rivals"], OwnTopics = ["no colon", "others: a b c d e f", "rivals: !globex"] }, Says("Globex?")));

    [Theory]
    [InlineData("no colon", "colon")]
    [InlineData("Upper: a", "lower case")]
    [InlineData("politics: a", "knows already")]
    [InlineData("rivals:", "words")]
    [InlineData("rivals: a b c d e", "one to 4 words")]
    [InlineData("rivals: a*", "letters")]
    [InlineData("rivals: two words*", "letters")]
    [InlineData("rivals: !!", "words")]
    [InlineData("rivals: globex, !globex cloud, init*", null)]
    public void OwnTopic_Fault_SaysWhatIsWrong(string line, string? says)
    {
        var fault = OwnTopic.Fault(line);
        if (says is null) Assert.Null(fault);
        else Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_OfModelAndKey_DeniesWhatEitherDenies()
    {
        var rule = RuleMerge.Of(
            GuardrailNames.Topics,
            new() { Topics = Standard with { DeniedTopics = ["politics"], OwnTopics = ["rivals: globex"] } },
            null,
            null,
            new() { Topics = Standard with { DeniedTopics = ["law", "rivals"], AllowedTopics = ["cooking"] } })!;
        Assert.Equal(["politics", "law", "rivals"], rule.DeniedTopics!);
        Assert.Equal(["cooking"], rule.AllowedTopics!);
        Assert.Equal(["rivals: globex"], rule.OwnTopics!);
    }

    private static string Says(string text) => $$"""[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]""";

    private static string? Blocked(GuardrailRule rule, string messages)
    {
        var screened = GuardrailWorld.Screened(new() { Topics = rule });
        using var scratch = ScreenScratch.Take();
        Assert.True(BodyTextReader.TryRead(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":{{messages}}}"""), 64, scratch.Texts));
        var verdict = new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false);
        return verdict is null ? null : string.Join(',', verdict.Types);
    }
}
