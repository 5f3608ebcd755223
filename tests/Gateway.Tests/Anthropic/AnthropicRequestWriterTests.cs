using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>What callers of other dialects say and how it is said to Anthropic, or dropped by name, or refused.</summary>
public sealed class AnthropicRequestWriterTests
{
    private const string Old = "claude-3-7-sonnet-20250219", Budgeted = "claude-sonnet-4-5-20250929", Adaptive = "claude-opus-4-6", Bare = "claude-opus-4-7", Thinking = "claude-opus-5", Latest = "claude-opus-5-5";

    [Fact]
    public void Parameters_WithoutAWordHere_AreDroppedByName()
    {
        var request = Saying("Hi");
        request.Seed = 1;
        request.FrequencyPenalty = 0.5;
        request.PresencePenalty = 0.5;
        request.LogitBias = JsonRaw.CopyOf("{\"1\":2}"u8);
        request.Choices = 2;
        request.Logprobs = true;
        request.TopLogprobs = 3;
        request.ResponseFormat = new ResponseFormat(default);
        request.ServiceTier = "flex";
        request.Temperature = 1.5;

        var (json, dropped) = Written(request);

        Assert.Equal("seed, frequency_penalty, presence_penalty, logit_bias, n, logprobs, top_logprobs, temperature>1, response_format, service_tier", dropped);
        Assert.Equal("""{"model":"claude-sonnet-4-5-20250929","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"temperature":1}""", json);
    }

    [Fact]
    public void Parameters_ThatChangeNothing_AreNotReported()
    {
        var request = Saying("Hi");
        request.FrequencyPenalty = 0;
        request.Choices = 1;
        request.Logprobs = false;
        request.ServiceTier = "default";

        var (json, dropped) = Written(request);

        Assert.Equal("", dropped);
        Assert.Contains("\"service_tier\":\"standard_only\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 4096)]
    [InlineData(null, 8192, 8192)]
    [InlineData(100L, 8192, 100)]
    public void MaxTokens_AreTheCallersElseTheDeploymentsElseADefault(long? asked, int? most, long expected)
    {
        var request = Saying("Hi");
        request.MaxOutputTokens = asked;

        Assert.Equal(expected, Root(Written(request, Budgeted, most).Json).GetProperty("max_tokens").GetInt64());
    }

    [Theory]
    [InlineData(Budgeted, "medium", 20_000L, """{"type":"enabled","budget_tokens":8192}""", null, "")]
    [InlineData(Budgeted, "high", 10_000L, """{"type":"enabled","budget_tokens":5000}""", null, "")]
    [InlineData(Budgeted, "high", null, """{"type":"enabled","budget_tokens":24576}""", null, "")]
    [InlineData(Budgeted, "high", 1024L, null, null, "reasoning_effort")]
    [InlineData(Budgeted, "none", 1024L, null, null, "")]
    [InlineData("deepseek-chat", "low", 5000L, """{"type":"enabled","budget_tokens":1024}""", null, "")]
    [InlineData(Adaptive, "xhigh", 1000L, """{"type":"adaptive"}""", "high", "")]
    [InlineData(Bare, "xhigh", 1000L, """{"type":"adaptive"}""", "xhigh", "")]
    [InlineData(Bare, "minimal", 1000L, """{"type":"adaptive"}""", "low", "")]
    [InlineData(Bare, "none", 1000L, null, null, "")]
    [InlineData(Thinking, "none", 1000L, """{"type":"disabled"}""", null, "")]
    [InlineData("claude-sonnet-5-5", "none", 1000L, """{"type":"between_tools"}""", null, "")]
    [InlineData(Latest, "none", 1000L, null, "low", "reasoning_effort")]
    [InlineData("claude-fable-5-1", "none", 1000L, null, "low", "reasoning_effort")]
    public void Reasoning_ByEffort_IsSaidAsTheModelUnderstandsIt(string model, string effort, long? maxTokens, string? thinking, string? said, string dropped)
    {
        var request = Saying("Think");
        request.MaxOutputTokens = maxTokens;
        request.Reasoning = new ReasoningOptions { Effort = effort };

        var (json, names) = Written(request, model);

        Assert.Equal(thinking, Raw(json, "thinking"));
        Assert.Equal(said is null ? null : $$"""{"effort":"{{said}}"}""", Raw(json, "output_config"));
        Assert.Equal(dropped, names);
        if (Root(json).TryGetProperty("thinking", out var on) && on.TryGetProperty("budget_tokens", out var budget))
            Assert.InRange(budget.GetInt64(), 1024, Root(json).GetProperty("max_tokens").GetInt64() - 1);
    }

    [Fact]
    public void Reasoning_WithADemandedTool_GivesWay()
    {
        var request = WithTool(new ToolChoice(ToolChoiceKind.Required));
        request.MaxOutputTokens = 9000;
        request.Reasoning = new ReasoningOptions { Effort = "low" };

        var (json, dropped) = Written(request);

        Assert.Equal("reasoning_effort", dropped);
        Assert.Null(Raw(json, "thinking"));
        Assert.Equal("""{"type":"any"}""", Raw(json, "tool_choice"));
    }

    [Fact]
    public void Reasoning_AmidToolCallsThatWereMadeWithoutIt_GivesWay()
    {
        var request = Saying("Go");
        request.MaxOutputTokens = 9000;
        request.Messages.Add(new(ChatRole.Assistant, [new ToolCallPart(JsonText.Of("c"), JsonText.Of("f"), default)]));
        request.Messages.Add(new(ChatRole.Tool, [new ToolResultPart(JsonText.Of("c"), [])]));
        request.Reasoning = new ReasoningOptions { Effort = "low" };

        Assert.Equal("reasoning_effort", Written(request).Dropped);
        Assert.Equal("", Written(request, Bare).Dropped);
        request.Messages[1].Parts.Insert(0, new ThinkingPart(JsonText.Of("hm"), JsonText.Of("sig")));
        Assert.Equal("", Written(request).Dropped);
    }

    [Theory]
    [InlineData(Old, "", """{"temperature":0.5,"top_p":0.9,"top_k":5}""")]
    [InlineData(Budgeted, "top_p", """{"temperature":0.5,"top_k":5}""")]
    [InlineData(Bare, "temperature, top_p, top_k", "{}")]
    [InlineData(Thinking, "temperature, top_p, top_k", "{}")]
    public void Sampling_IsSaidAsFarAsTheModelTakesIt(string model, string dropped, string said)
    {
        var request = Saying("Hi");
        request.Temperature = 0.5;
        request.TopP = 0.9;
        request.TopK = 5;

        var (json, names) = Written(request, model);

        Assert.Equal(dropped, names);
        var fields = new[] { "temperature", "top_p", "top_k" }.Where(name => Raw(json, name) is not null).Select(name => $"\"{name}\":{Raw(json, name)}");
        Assert.Equal(said, $"{{{string.Join(',', fields)}}}");
    }

    [Fact]
    public void Sampling_WhileThinking_IsLeftToTheModel()
    {
        var request = Saying("Hi");
        request.MaxOutputTokens = 9000;
        request.Reasoning = new ReasoningOptions { Effort = "low" };
        request.Temperature = 0.5;
        request.TopK = 5;

        var (json, dropped) = Written(request);

        Assert.Equal("temperature, top_k", dropped);
        Assert.Null(Raw(json, "temperature"));
    }

    [Theory]
    [InlineData(ToolChoiceKind.Auto, null, Budgeted, null, """{"type":"auto"}""", "")]
    [InlineData(ToolChoiceKind.None, false, Budgeted, null, """{"type":"none"}""", "")]
    [InlineData(ToolChoiceKind.Named, false, Budgeted, "f", """{"type":"tool","name":"f","disable_parallel_tool_use":true}""", "")]
    [InlineData(null, false, Budgeted, null, """{"type":"auto","disable_parallel_tool_use":true}""", "")]
    [InlineData(null, true, Budgeted, null, null, "")]
    [InlineData(ToolChoiceKind.Required, null, Latest, null, null, "tool_choice")]
    public void ToolChoice_OfAnyKind_IsSaid(object? kind, bool? parallel, string model, string? name, string? expected, string dropped)
    {
        var request = WithTool(kind is ToolChoiceKind known ? new ToolChoice(known, name is null ? default : JsonText.Of(name)) : null);
        request.ParallelToolCalls = parallel;

        var (json, names) = Written(request, model);

        Assert.Equal(expected, Raw(json, "tool_choice"));
        Assert.Equal(dropped, names);
    }

    [Fact]
    public void Schema_OfAnAnswer_GoesOnlyToModelsThatKnowIt()
    {
        var request = Saying("Hi");
        request.ResponseFormat = new ResponseFormat(JsonRaw.CopyOf("""{"type":"object"}"""u8), JsonText.Of("x"));

        Assert.Equal("""{"format":{"type":"json_schema","schema":{"type":"object"}}}""", Raw(Written(request).Json, "output_config"));
        Assert.Equal("response_format", Written(request, Old).Dropped);
    }

    [Fact]
    public void Conversation_OfAnotherDialect_IsPutIntoOrder()
    {
        var request = new ChatRequest();
        request.Messages.Add(new(ChatRole.Developer, [Text("Rules")]));
        request.Messages.Add(new(ChatRole.User, [Text("A"), new ImagePart(MediaSource.FromUrl(JsonText.Of("data:image/png;base64,iVBORw0KGgo=")), "high")]) { Name = JsonText.Of("eve") });
        request.Messages.Add(new(ChatRole.Assistant, [Text(""), new RefusalPart(JsonText.Of("No.")), new ThinkingPart(JsonText.Of("unsigned"), default), new ToolCallPart(JsonText.Of("functions.f:0"), JsonText.Of("f"), JsonRaw.CopyOf("{\"a\":1}"u8))]));
        request.Messages.Add(new(ChatRole.Tool, [new ToolResultPart(JsonText.Of("functions.f:0"), [Text("done")])]));
        request.Messages.Add(new(ChatRole.User, [Text("B")]));

        var (json, dropped) = Written(request);

        Assert.Equal("messages.name, image_url.detail, messages.reasoning_content", dropped);
        Assert.Equal("""[{"type":"text","text":"Rules"}]""", Raw(json, "system"));
        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"A"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]},{"role":"assistant","content":[{"type":"text","text":"No."},{"type":"tool_use","id":"functions_f_0","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"functions_f_0","content":[{"type":"text","text":"done"}]},{"type":"text","text":"B"}]}]""",
            Raw(json, "messages"));
    }

    public static TheoryData<string, string> Unsayable => new()
    {
        { "audio", "unsupported_parameter" }, { "image by id", "unsupported_parameter" }, { "bitmap", "unsupported_parameter" },
        { "document by id", "unsupported_parameter" }, { "spreadsheet", "unsupported_parameter" }, { "call without id", "invalid_request_error" },
        { "broken text", "invalid_request_error" },
    };

    [Theory]
    [MemberData(nameof(Unsayable))]
    public void Content_ThatCannotBeSaid_RefusesTheRequest(string what, string code)
    {
        ContentPart part = what switch
        {
            "audio" => new AudioPart(new(MediaForm.Base64, JsonText.Of("AAAA"), "audio/wav")),
            "image by id" => new ImagePart(new(MediaForm.FileId, JsonText.Of("file-1"), null)),
            "bitmap" => new ImagePart(new(MediaForm.Base64, JsonText.Of("Qk0="), "image/bmp")),
            "document by id" => new DocumentPart(new(MediaForm.FileId, JsonText.Of("file-1"), null), default),
            "spreadsheet" => new DocumentPart(new(MediaForm.Base64, JsonText.Of("UEs="), "application/vnd.ms-excel"), default),
            "broken text" => new DocumentPart(new(MediaForm.Base64, JsonText.Of("///"), "text/plain"), default),
            _ => new ToolCallPart(default, JsonText.Of("f"), default),
        };
        var request = new ChatRequest();
        request.Messages.Add(new(ChatRole.User, [part]));

        var refusal = AnthropicCase.Write(request, new DroppedFields()).Refusal;

        Assert.Equal(400, refusal!.Status);
        Assert.Equal(code, refusal.Code);
        Assert.Equal("messages[0].content", refusal.Param);
    }

    [Fact]
    public void Documents_OfText_AreDecoded()
    {
        var request = new ChatRequest();
        request.Messages.Add(new(ChatRole.User, [new DocumentPart(new(MediaForm.Base64, JsonText.Of("R3LDvMOfZSAieCIK"), "text/plain"), JsonText.Of("a.txt"))]));

        Assert.Contains("""{"type":"text","media_type":"text/plain","data":"Grüße \"x\"\n"},"title":"a.txt"}""", Written(request).Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Conversation_OfInstructionsOnly_IsRefused()
    {
        var request = new ChatRequest();
        request.Messages.Add(new(ChatRole.System, [Text("Rules")]));

        Assert.Equal("messages", AnthropicCase.Write(request, new DroppedFields()).Refusal!.Param);
    }

    private static ChatRequest Saying(string text)
    {
        var request = new ChatRequest();
        request.Messages.Add(new(ChatRole.User, [Text(text)]));
        return request;
    }

    private static ChatRequest WithTool(ToolChoice? choice)
    {
        var request = Saying("Hi");
        request.Tools.Add(new(JsonText.Of("f"), default, default));
        request.ToolChoice = choice;
        return request;
    }

    private static TextPart Text(string text) => new(JsonText.Of(text));

    private static (string Json, string Dropped) Written(ChatRequest request, string model = Budgeted, int? most = null)
    {
        var dropped = new DroppedFields();
        var (json, refusal) = AnthropicCase.Write(request, dropped, AnthropicCase.Deployment(model, most));
        Assert.Null(refusal);
        return (json, dropped.ToString());
    }

    private static JsonElement Root(string json) => JsonDocument.Parse(json).RootElement;

    private static string? Raw(string json, string name) => Root(json).TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
