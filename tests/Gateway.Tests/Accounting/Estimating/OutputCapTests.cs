using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Tests.Matrix;
using AspireGateway.Gateway.Tests.OpenAi;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Accounting.Estimating;

/// <summary>The gateway's cap on output tokens reaches every provider in its own words, and only where it is lower than the caller's.</summary>
public sealed class OutputCapTests
{
    private static readonly string[] Bodies =
    [
        """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""",
        """{"messages":[{"role":"developer","content":"Hi"}]}""",
        """{"max_tokens":900,"model":"m","messages":[{"role":"user","content":"Hi"}]}""",
        """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":900}""",
        """{"max_completion_tokens":900,"max_tokens":800,"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}""",
        """{"max_tokens":800,"max_completion_tokens":null,"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{}}""",
        """{ "user":"u", "logit_bias":{"1":1}, "max_completion_tokens" : 900 , "n":1, "seed":3, "messages":[{"role":"user","content":"Hi"}], "model":"m", "store":true, "max_tokens" : 900 }""",
        """{"seed":1,"messages":[{"role":"user","content":"Hi"}],"stream":true,"metadata":{},"user":"u","store":false}""",
        """{"max_tokens":null,"messages":[{"role":"user","content":"max_tokens"}],"n":2}""",
    ];

    public static TheoryData<string, int> VendorsAndBodies
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var vendor in OpenAiVendors.All)
                for (var i = 0; i < Bodies.Length; i++) data.Add(vendor.Protocol, i);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(VendorsAndBodies))]
    public async Task Chat_TellsEveryVendor(string vendor, int body)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(Bodies[body]), Operation.ChatCompletions);
        facts.OutputCap = 77;

        var sent = await OpenAiCase.SplicedAsync(facts, new OpenAiDirectOperation(OpenAiCase.Vendor(vendor)).EditRequest(facts, Protocols.Deployment("openai"), new DroppedFields()));

        var names = Fields(sent);
        Assert.Equal(names.Count, names.Distinct().Count());
        var caps = names.Where(name => name is "max_tokens" or "max_completion_tokens").ToList();
        Assert.NotEmpty(caps);
        Assert.All(caps, name => Assert.Equal(77, JsonElement.Parse(sent).GetProperty(name).GetInt64()));
        Assert.Contains("messages", names);
        Assert.Equal("gpt-5", JsonElement.Parse(sent).GetProperty("model").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(900L)]
    [InlineData(800L)]
    public async Task Cap_ThatIsNotLower_ChangesNothing(long? cap)
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":800}""";
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(Body), Operation.ChatCompletions);
        facts.OutputCap = cap;

        var sent = await OpenAiCase.SplicedAsync(facts, new OpenAiDirectOperation(OpenAiVendors.OpenAi).EditRequest(facts, Protocols.Deployment("openai"), new DroppedFields()));

        Assert.Equal(Body.Replace("\"m\"", "\"gpt-5\"", StringComparison.Ordinal), sent);
    }

    [Fact]
    public async Task NewField_IsTheVendors()
    {
        Assert.Equal(
            """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":77}""",
            await SentAsync(OpenAiVendors.OpenAi, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}"""));
        Assert.Equal(
            """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":77}""",
            await SentAsync(OpenAiCase.Vendor("vllm"), """{"model":"m","messages":[{"role":"user","content":"Hi"}]}"""));
    }

    [Theory]
    [InlineData("""{"model":"m","input":"Hi"}""", """{"model":"gpt-5","input":"Hi","max_output_tokens":77}""")]
    [InlineData("""{"max_output_tokens":100,"input":"Hi"}""", """{"model":"gpt-5","max_output_tokens":77,"input":"Hi"}""")]
    [InlineData("""{"model":"m","input":"Hi","max_output_tokens":null}""", """{"model":"gpt-5","input":"Hi","max_output_tokens":77}""")]
    [InlineData("""{"model":"m","input":"Hi","max_output_tokens":50}""", """{"model":"gpt-5","input":"Hi","max_output_tokens":50}""")]
    public async Task Responses_AreTold(string body, string expected)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), Operation.Responses);
        facts.OutputCap = 77;

        Assert.Equal(expected, await OpenAiCase.SplicedAsync(facts, new ResponsesDirectOperation().EditRequest(facts, Protocols.Deployment("openai"), new DroppedFields())));
    }

    [Theory]
    [InlineData(2000, """{"model":"m","max_tokens":9000,"messages":[1]}""", """{"model":"claude-sonnet-4-5","max_tokens":2000,"messages":[1]}""", "")]
    [InlineData(2000, """{"messages":[1]}""", """{"model":"claude-sonnet-4-5","messages":[1],"max_tokens":2000}""", "")]
    [InlineData(3000, """{"model":"m","thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":9000,"messages":[1]}""", """{"model":"claude-sonnet-4-5","thinking":{"type":"enabled","budget_tokens":1500},"max_tokens":3000,"messages":[1]}""", "")]
    [InlineData(1025, """{"model":"m","max_tokens":9000,"messages":[1],"thinking":{"budget_tokens":5000,"type":"enabled"}}""", """{"model":"claude-sonnet-4-5","max_tokens":1025,"messages":[1],"thinking":{"budget_tokens":1024,"type":"enabled"}}""", "")]
    [InlineData(1024, """{"model":"m","thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":9000,"messages":[1]}""", """{"model":"claude-sonnet-4-5","thinking":{"type":"disabled"},"max_tokens":1024,"messages":[1]}""", "thinking")]
    [InlineData(6000, """{"model":"m","thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":9000,"messages":[1]}""", """{"model":"claude-sonnet-4-5","thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":6000,"messages":[1]}""", "")]
    [InlineData(2000, """{"model":"m","thinking":{"type":"adaptive"},"max_tokens":9000,"messages":[{"budget_tokens":9}]}""", """{"model":"claude-sonnet-4-5","thinking":{"type":"adaptive"},"max_tokens":2000,"messages":[{"budget_tokens":9}]}""", "")]
    public async Task Messages_AreTold_AndThinkingStaysBelow(long cap, string body, string expected, string named)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), Operation.Messages);
        facts.OutputCap = cap;
        var dropped = new DroppedFields();

        var sent = await OpenAiCase.SplicedAsync(facts, new AnthropicMessagesOperation().EditRequest(facts, Protocols.Deployment("anthropic"), dropped));

        Assert.Equal(expected, sent);
        Assert.Equal(named, dropped.ToString());
    }

    [Theory]
    [InlineData("openai", "messages", "max_completion_tokens")]
    [InlineData("mistral", "messages", "max_tokens")]
    [InlineData("mistral", "responses", "max_tokens")]
    [InlineData("anthropic", "chat", "max_tokens")]
    [InlineData("anthropic", "responses", "max_tokens")]
    [InlineData("gemini", "chat", "generationConfig.maxOutputTokens")]
    [InlineData("gemini", "messages", "generationConfig.maxOutputTokens")]
    [InlineData("vertex", "responses", "generationConfig.maxOutputTokens")]
    [InlineData("bedrock", "chat", "inferenceConfig.maxTokens")]
    [InlineData("bedrock", "messages", "inferenceConfig.maxTokens")]
    public void Translated_EveryProtocolIsTold(string protocol, string dialect, string path)
    {
        foreach (var asked in new[] { ",\"CAP\":900", "" })
        {
            var (operation, body) = dialect switch
            {
                "messages" => (Operation.Messages, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":900}"""),
                "responses" => (Operation.Responses, """{"model":"m","input":"Hi"CAP}""".Replace("CAP", asked.Replace("CAP", "max_output_tokens", StringComparison.Ordinal), StringComparison.Ordinal)),
                _ => (Operation.ChatCompletions, """{"model":"m","messages":[{"role":"user","content":"Hi"}]CAP}""".Replace("CAP", asked.Replace("CAP", "max_tokens", StringComparison.Ordinal), StringComparison.Ordinal)),
            };

            Assert.Equal(77, At(Prepared(protocol, operation, body, 77), path).GetInt64());
        }
    }

    [Fact]
    public void Translated_BudgetsForThinkingStayBelow()
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":8000}}""";

        Assert.Equal(1000, At(Prepared("gemini", Operation.Messages, Body, 2000), "generationConfig.thinkingConfig.thinkingBudget").GetInt64());
        Assert.Equal(1999, At(Prepared("bedrock", Operation.Messages, Body, 2000), "additionalModelRequestFields.thinking.budget_tokens").GetInt64());
        Assert.Equal(1000, At(Prepared("openrouter", Operation.Messages, Body, 2000), "reasoning.max_tokens").GetInt64());
        const string Effort = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":90000,"reasoning_effort":"high"}""";
        Assert.Equal(1024, At(Prepared("anthropic", Operation.ChatCompletions, Effort, 2000), "thinking.budget_tokens").GetInt64());
    }

    private static JsonElement Prepared(string protocol, Operation operation, string body, long cap)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), operation);
        facts.OutputCap = cap;
        var exchange = new Exchange(new DefaultHttpContext(), operation, null, TimeProvider.System) { Request = facts };

        Assert.True(AttemptRequest.TryPrepare(exchange, new Candidate(Protocols.Deployment(protocol), null, null), ProviderModules.Find(protocol)!, out var request, out _));
        var written = JsonElement.Parse(request.Body!.Value.Span);
        request.Content.Dispose();
        return written;
    }

    private static JsonElement At(JsonElement element, string path) => path.Split('.').Aggregate(element, (at, name) => at.GetProperty(name));

    private static List<string> Fields(string json) => [.. JsonDocument.Parse(json).RootElement.EnumerateObject().Select(property => property.Name)];

    private static async Task<string> SentAsync(OpenAiVendor vendor, string body)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), Operation.ChatCompletions);
        facts.OutputCap = 77;
        return await OpenAiCase.SplicedAsync(facts, new OpenAiDirectOperation(vendor).EditRequest(facts, Protocols.Deployment("openai"), new DroppedFields()));
    }
}
