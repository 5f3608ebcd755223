using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Tests.Caching.Prefixes;

/// <summary>What is added to bodies so that providers keep prompts' beginnings.</summary>
public sealed class PrefixEditsTests
{
    private const string Mark = """{"type":"ephemeral"}""";
    private static readonly string Instructions = PrefixWorld.Long(3_000, 's');

    private readonly PrefixWorld world = new();
    private readonly DeploymentSnapshot claude = PrefixWorld.Deployment("anthropic"), amazon = PrefixWorld.Deployment("bedrock"), openAi = PrefixWorld.Deployment("openai");

    [Fact]
    public async Task Anthropic_SameDialect_MarksWhatWasSeenAndNothingElseChanges()
    {
        var first = await world.SendAsync(claude, Operation.Messages, Messages("one"));
        Assert.Equal(Messages("one").Replace("\"m\"", "\"claude-sonnet-4-5\"", StringComparison.Ordinal), first);

        var second = await world.SendAsync(claude, Operation.Messages, Messages("two"));
        Assert.Equal(
            Messages("two").Replace("\"m\"", "\"claude-sonnet-4-5\"", StringComparison.Ordinal)
                .Replace($"\"{Instructions}\"", $$$"""[{"type":"text","text":"{{{Instructions}}}","cache_control":{{{Mark}}}}]""", StringComparison.Ordinal), second);
        Assert.Equal((0, 1, 1), (world.Counts.Callers.Value, world.Counts.Marked.Value, world.Counts.Unmarked.Value));
    }

    [Fact]
    public async Task Anthropic_Conversation_MarksTheLastTurnThatWasSent()
    {
        var turns = new List<string> { """{"role":"user","content":[{"type":"text","text":"question 0"}]}""" };
        for (var turn = 1; turn <= 12; turn++)
        {
            var sent = await world.SendAsync(claude, Operation.Messages, Talk(turns));
            Assert.InRange(PrefixWorld.Count(sent, "cache_control"), turn == 1 ? 0 : 2, turn == 1 ? 0 : PrefixEdits.MostMarks);
            // What was the end of the last request, and not what is new in this one.
            if (turn > 1) Assert.Equal(Mark, PrefixWorld.At(sent, "messages", -3, "content", -1, "cache_control"));
            Assert.DoesNotContain("cache_control", PrefixWorld.At(sent, "messages", -1), StringComparison.Ordinal);
            Assert.Equal(Talk(turns).Replace("\"m\"", "\"claude-sonnet-4-5\"", StringComparison.Ordinal), Without(sent));
            turns.Add($$$"""{"role":"assistant","content":[{"type":"text","text":"answer {{{turn}}}"}]}""");
            turns.Add($$$"""{"role":"user","content":[{"type":"text","text":"question {{{turn}}}"}]}""");
        }
    }

    [Fact]
    public async Task Anthropic_Always_MarksAtOnce_AndForAnHourWhereItIsSaid()
    {
        var tools = $$$"""[{"name":"a","description":"{{{PrefixWorld.Long(1_100)}}}","input_schema":{"type":"object"}}]""";
        var body = $$$"""{"model":"m","max_tokens":9,"tools":{{{tools}}},"system":[{"type":"text","text":"{{{Instructions}}}"}],"messages":[{"role":"user","content":"Hi"}]}""";
        var sent = await world.SendAsync(claude, Operation.Messages, body, new(Always: true, Hour: true, 1_024));

        const string HourMark = """{"type":"ephemeral","ttl":"1h"}""";
        foreach (var mark in (string[])[PrefixWorld.At(sent, "tools", 0, "cache_control"), PrefixWorld.At(sent, "system", 0, "cache_control"), PrefixWorld.At(sent, "messages", 0, "content", 0, "cache_control")])
            Assert.Equal(HourMark, mark);
        Assert.Equal(3, PrefixWorld.Count(sent, "cache_control"));
    }

    [Theory]
    [InlineData(1_000, "claude-sonnet-4-5", 1_024)]
    [InlineData(4_000, "claude-opus-4-5", 1_024)]
    [InlineData(2_000, "claude-sonnet-4-6", 1_024)]
    [InlineData(3_000, "claude-sonnet-4-5", 3_100)]
    [InlineData(4_000, "somebody-elses", 1_024)]
    public async Task Anthropic_BelowTheSmallest_IsNotMarked(int tokens, string model, int least)
    {
        var deployment = new DeploymentSnapshot { Id = Guid.NewGuid(), Name = "d", Provider = claude.Provider, UpstreamModel = model, IsEnabled = true, Prices = [] };
        var body = $$$"""{"model":"m","max_tokens":9,"system":"{{{PrefixWorld.Long(tokens)}}}","messages":[{"role":"user","content":"Hi"}]}""";
        foreach (var terms in (PrefixTerms[])[new(false, false, least), new(true, false, least)])
        {
            await world.SendAsync(deployment, Operation.Messages, body, terms);
            Assert.DoesNotContain("cache_control", await world.SendAsync(deployment, Operation.Messages, body, terms), StringComparison.Ordinal);
        }
        var longer = body.Replace("\"Hi\"", $"\"{PrefixWorld.Long(200)}\"", StringComparison.Ordinal);
        await world.SendAsync(deployment, Operation.Messages, longer);
        if (least == 1_024) Assert.Contains("cache_control", await world.SendAsync(deployment, Operation.Messages, longer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallersMarks_AreKept_AndNoneIsAdded()
    {
        var body = $$$"""{"model":"m","max_tokens":9,"system":[{"type":"text","text":"{{{Instructions}}}"}],"messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]}]}""";
        await world.SendAsync(claude, Operation.Messages, body, new(true, true, 1_024));
        var sent = await world.SendAsync(claude, Operation.Messages, body, new(true, true, 1_024));

        Assert.Equal(body.Replace("\"m\"", "\"claude-sonnet-4-5\"", StringComparison.Ordinal), sent);
        Assert.Equal((2, 0), (world.Counts.Callers.Value, world.Counts.Marked.Value));
        // Also where the request is translated.
        var chat = $$$"""{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"{{{Instructions}}}","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"Hi"}]}""";
        await world.SendAsync(amazon, Operation.ChatCompletions, chat);
        Assert.Equal(1, PrefixWorld.Count(await world.SendAsync(amazon, Operation.ChatCompletions, chat), "cachePoint"));
    }

    [Fact]
    public async Task Anthropic_FromChat_IsMarkedWhereTheGatewayWroteIt()
    {
        var first = await world.SendAsync(claude, Operation.ChatCompletions, Chat("one"));
        var second = await world.SendAsync(claude, Operation.ChatCompletions, Chat("two"));

        Assert.DoesNotContain("cache_control", first, StringComparison.Ordinal);
        Assert.Equal(Mark, PrefixWorld.At(second, "system", -1, "cache_control"));
        Assert.Equal(first.Replace("one", "two", StringComparison.Ordinal), Without(second));
    }

    [Fact]
    public async Task Bedrock_GetsACachePointBehindTheBlock()
    {
        var first = await world.SendAsync(amazon, Operation.ChatCompletions, Chat("one"));
        var second = await world.SendAsync(amazon, Operation.ChatCompletions, Chat("two"), new(false, Hour: true, 1_024));

        Assert.DoesNotContain("cachePoint", first, StringComparison.Ordinal);
        Assert.Equal("""{"cachePoint":{"type":"default","ttl":"1h"}}""", PrefixWorld.At(second, "system", -1));
        Assert.Equal(first.Replace("one", "two", StringComparison.Ordinal), second.Replace(""",{"cachePoint":{"type":"default","ttl":"1h"}}""", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenAi_GetsAKeyOfTheTenant_UnlessTheCallerHasOne()
    {
        var key = KeyOf(await world.SendAsync(openAi, Operation.ChatCompletions, Chat("one")));
        Assert.True(key.StartsWith("agw-", StringComparison.Ordinal) && key.Length == 36 && key[4..].All(char.IsAsciiHexDigitLower));
        Assert.Equal(key, KeyOf(await world.SendAsync(openAi, Operation.ChatCompletions, Chat("two"))));
        Assert.NotEqual(key, KeyOf(await new PrefixWorld().SendAsync(openAi, Operation.ChatCompletions, Chat("one"))));
        Assert.Equal("mine", KeyOf(await world.SendAsync(openAi, Operation.ChatCompletions, Chat("one").Replace("{\"model\"", "{\"prompt_cache_key\":\"mine\",\"model\"", StringComparison.Ordinal))));
        // Too short to be kept, or a vendor that does not know the field.
        Assert.DoesNotContain("prompt_cache_key", await world.SendAsync(openAi, Operation.ChatCompletions, """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"Hi"}]}"""), StringComparison.Ordinal);
        Assert.DoesNotContain("prompt_cache_key", await world.SendAsync(PrefixWorld.Deployment("vllm"), Operation.ChatCompletions, Chat("one")), StringComparison.Ordinal);
        Assert.DoesNotContain("prompt_cache_key", await world.SendAsync(PrefixWorld.Deployment("gemini"), Operation.ChatCompletions, Chat("one")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherTenantsAndDeployments_HaveSeenNothing_AndFailedAttemptsNeither()
    {
        await world.SendAsync(claude, Operation.Messages, Messages("one"), stands: false);
        Assert.DoesNotContain("cache_control", await world.SendAsync(claude, Operation.Messages, Messages("one")), StringComparison.Ordinal);

        var another = new DeploymentSnapshot { Id = Guid.NewGuid(), Name = "e", Provider = claude.Provider, UpstreamModel = claude.UpstreamModel, IsEnabled = true, Prices = [] };
        Assert.DoesNotContain("cache_control", await world.SendAsync(another, Operation.Messages, Messages("two")), StringComparison.Ordinal);
        Assert.Contains("cache_control", await world.SendAsync(claude, Operation.Messages, Messages("two")), StringComparison.Ordinal);
        world.Time.Now = world.Time.Now.AddMinutes(6);
        Assert.DoesNotContain("cache_control", await world.SendAsync(claude, Operation.Messages, Messages("three")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "chat")]
    [InlineData("gemini", "chat")]
    [InlineData("gemini", "messages")]
    [InlineData("openai", "messages")]
    [InlineData("bedrock", "messages")]
    [InlineData("anthropic", "chat")]
    public async Task Bodies_OfAConversationThatGoesOn_BeginWithTheSameBytes(string protocol, string dialect)
    {
        var deployment = PrefixWorld.Deployment(protocol);
        var operation = dialect == "chat" ? Operation.ChatCompletions : Operation.Messages;
        var tool = dialect == "chat"
            ? """[{"type":"function","function":{"name":"a","description":"b","parameters":{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"string"}}}}}]"""
            : """[{"name":"a","description":"b","input_schema":{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"string"}}}}]""";
        string Body(string more) => dialect == "chat"
            ? $$$"""{"model":"m","tools":{{{tool}}},"messages":[{"role":"system","content":"{{{Instructions}}}"},{"role":"user","content":"first"}{{{more}}}]}"""
            : $$$"""{"model":"m","max_tokens":9,"tools":{{{tool}}},"system":"{{{Instructions}}}","messages":[{"role":"user","content":"first"}{{{more}}}]}""";

        var before = await world.SendAsync(deployment, operation, Body(""), new(false, false, 1_000_000));
        var after = await world.SendAsync(deployment, operation, Body(""",{"role":"assistant","content":"yes"},{"role":"user","content":"second"}"""), new(false, false, 1_000_000));

        // Up to the end of the first turn nothing differs, and what stands behind the conversation is the same too.
        var end = before.IndexOf("first", StringComparison.Ordinal) + "first".Length;
        Assert.Equal(before[..end], after[..end]);
        var name = protocol == "gemini" ? "tools" : protocol == "bedrock" ? "toolConfig" : "tools";
        Assert.Equal(PrefixWorld.At(before, name), PrefixWorld.At(after, name));
    }

    private static string Messages(string last) => $$$"""{"model":"m","max_tokens":9,"system":"{{{Instructions}}}","messages":[{"role":"user","content":"{{{last}}}"}]}""";

    private static string Talk(IEnumerable<string> turns) => $$$"""{"model":"m","max_tokens":9,"system":[{"type":"text","text":"{{{Instructions}}}"}],"messages":[{{{string.Join(",", turns)}}}]}""";

    private static string Chat(string last) => $$$"""{"model":"m","messages":[{"role":"system","content":"{{{Instructions}}}"},{"role":"user","content":"{{{last}}}"}]}""";

    private static string KeyOf(string body) => PrefixWorld.At(body, "prompt_cache_key").Trim('"');

    private static string Without(string body) => body.Replace($$$""","cache_control":{{{Mark}}}""", "", StringComparison.Ordinal);
}
