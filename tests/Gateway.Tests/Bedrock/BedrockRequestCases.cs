using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Neutral requests and the models that they go to, by the name of their golden file.</summary>
internal static class BedrockRequestCases
{
    public const string Claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0", Nova = "amazon.nova-pro-v1:0";

    private const string Png = "iVBORw0KGgoAAAANSUhEUg==", Pdf = "JVBERi0xLjQ=";

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, (string Model, Action<ChatRequest> Fill)> All { get; } = new Dictionary<string, (string, Action<ChatRequest>)>
    {
        ["basic"] = (Claude, r => Say(r, ChatRole.User, "Hello \"you\"\n")),
        ["multi-turn"] = (Claude, r =>
        {
            Say(r, ChatRole.System, "Be brief.");
            Say(r, ChatRole.Developer, "Answer in German.");
            Say(r, ChatRole.User, "One");
            Say(r, ChatRole.User, "and two");
            Say(r, ChatRole.Assistant, "Drei");
            Say(r, ChatRole.System, "Be kind.");
            Say(r, ChatRole.User, "");
            Say(r, ChatRole.User, "Four");
        }),
        ["parameters"] = (Nova, r =>
        {
            Ask(r);
            (r.MaxOutputTokens, r.Temperature, r.TopP, r.TopK, r.ServiceTier) = (200, 0.25, 0.9, 40, "flex");
            r.Stop.AddRange([Text("END"), Text("\n\n")]);
        }),
        ["parameters-that-have-no-place"] = ("meta.llama3-1-70b-instruct-v1:0", r =>
        {
            Ask(r);
            (r.Temperature, r.TopK, r.Seed, r.FrequencyPenalty, r.PresencePenalty, r.Choices, r.Logprobs, r.TopLogprobs) = (1.7, 5, 7, 0.5, -0.5, 2, true, 3);
            (r.LogitBias, r.UserId, r.ServiceTier, r.ParallelToolCalls) = (Raw("""{"50256":-100}"""), Text("u1"), "scale", false);
            r.Reasoning = new ReasoningOptions { Effort = "high" };
            r.ResponseFormat = new ResponseFormat(Raw("""{"type":"object"}"""), Text("x"));
        }),
        ["one-sampling-of-two"] = (Claude, r =>
        {
            Ask(r);
            (r.Temperature, r.TopP) = (0.5, 0.8);
        }),
        ["newest-claude-takes-no-sampling"] = ("anthropic.claude-opus-4-7", r =>
        {
            Ask(r);
            (r.Temperature, r.TopP, r.TopK) = (0.5, 0.8, 3);
        }),
        ["tools"] = (Claude, r =>
        {
            Ask(r);
            r.Tools.Add(new ToolDefinition(Text("get_weather"), Text("Tells the weather."), Raw("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""")) { Strict = true, Cache = new CacheMarker("1h") });
            r.Tools.Add(new ToolDefinition(Text("ping"), default, default));
            r.ToolChoice = new ToolChoice(ToolChoiceKind.Named, Text("get_weather"));
        }),
        ["tools-required"] = (Nova, r =>
        {
            Ask(r);
            r.Tools.Add(new ToolDefinition(Text("ping"), default, Raw("""{"type":"object"}""")) { Strict = true });
            r.ToolChoice = new ToolChoice(ToolChoiceKind.Required);
            r.ParallelToolCalls = false;
        }),
        ["tools-forbidden"] = (Claude, r =>
        {
            Ask(r);
            r.Tools.Add(new ToolDefinition(Text("ping"), default, default));
            r.ToolChoice = new ToolChoice(ToolChoiceKind.None);
        }),
        ["tools-forbidden-but-called-before"] = (Claude, r =>
        {
            Call(r);
            r.Tools.Add(new ToolDefinition(Text("get_weather"), default, default));
            r.ToolChoice = new ToolChoice(ToolChoiceKind.None);
        }),
        ["parallel-tools"] = (Claude, r =>
        {
            Ask(r);
            r.Messages.Add(new ChatMessage(ChatRole.Assistant,
            [
                new TextPart(Text("Let me look.")), new ToolCallPart(Text("call_1"), Text("get_weather"), Raw("""{"city":"Bonn"}""")), new ToolCallPart(Text("call_2"), Text("get_time"), default),
            ]));
            r.Messages.Add(new ChatMessage(ChatRole.Tool, [new ToolResultPart(Text("call_1"), [new TextPart(Text("Rain"))])]));
            r.Messages.Add(new ChatMessage(ChatRole.Tool, [new ToolResultPart(Text("call_2"), [new TextPart(Text("Noon"))])]));
            Say(r, ChatRole.User, "And?");
        }),
        ["tool-results"] = (Claude, r =>
        {
            Ask(r);
            r.Messages.Add(new ChatMessage(ChatRole.Assistant, [new ToolCallPart(Text("functions.shot:0"), Text("shot"), Raw("{}"))]));
            r.Messages.Add(new ChatMessage(ChatRole.Tool,
            [
                new ToolResultPart(Text("functions.shot:0"),
                [
                    new TextPart(Text("Here")), new ImagePart(new MediaSource(MediaForm.Base64, Text(Png), "image/png")), new DocumentPart(new MediaSource(MediaForm.Base64, Text(Pdf), "application/pdf"), Text("a.pdf")),
                ]) { IsError = true, Cache = new CacheMarker(null) },
                new ToolResultPart(Text("empty"), [new TextPart(default)]),
            ]));
        }),
        ["image"] = (Nova, r => r.Messages.Add(new ChatMessage(ChatRole.User,
        [
            new TextPart(Text("What is it?")), new ImagePart(MediaSource.FromUrl(Text("data:image/jpeg;base64,/9j/4AAQ"))), new ImagePart(new MediaSource(MediaForm.Base64, Text(Png), null)),
        ]))),
        ["image-url"] = (Claude, r => r.Messages.Add(new ChatMessage(ChatRole.User, [new ImagePart(MediaSource.FromUrl(Text("https://example.com/a.png")))]))),
        ["image-of-an-unknown-kind"] = (Claude, r => r.Messages.Add(new ChatMessage(ChatRole.User, [new ImagePart(new MediaSource(MediaForm.Base64, Text("AAAA"), "image/tiff"))]))),
        ["document"] = (Claude, r => r.Messages.Add(new ChatMessage(ChatRole.User,
        [
            new DocumentPart(new MediaSource(MediaForm.Base64, Text(Pdf), "application/pdf"), Text("my  report_2024 (final).pdf")) { Cite = true, Context = Text("Ours") },
            new DocumentPart(new MediaSource(MediaForm.Text, Text("plain \"words\""), "text/plain"), default),
            new DocumentPart(new MediaSource(MediaForm.Base64, Text("YSxi"), null), Text("figures.CSV")),
            new DocumentPart(new MediaSource(MediaForm.Text, Text("more"), null), default),
            new TextPart(Text("Compare")) { Cache = new CacheMarker("5m") },
        ]))),
        ["audio"] = (Nova, r => r.Messages.Add(new ChatMessage(ChatRole.User, [new AudioPart(new MediaSource(MediaForm.Base64, Text("UklGRg=="), "audio/wav"))]))),
        ["system-image"] = (Claude, r => r.Messages.Add(new ChatMessage(ChatRole.System, [new ImagePart(new MediaSource(MediaForm.Base64, Text(Png), "image/png"))]))),
        ["json-schema"] = (Claude, r =>
        {
            Ask(r);
            r.ResponseFormat = new ResponseFormat(Raw("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"""), Text("answer"), true) { Description = Text("An answer.") };
        }),
        ["json-schema-for-a-model-without"] = ("anthropic.claude-3-7-sonnet-20250219-v1:0", r =>
        {
            Ask(r);
            r.ResponseFormat = new ResponseFormat(Raw("""{"type":"object"}"""), Text("answer"), true);
        }),
        ["json-mode"] = (Claude, r =>
        {
            Ask(r);
            r.ResponseFormat = new ResponseFormat(default);
        }),
        ["reasoning"] = (Claude, r =>
        {
            Ask(r);
            (r.MaxOutputTokens, r.Temperature, r.TopK, r.TopP) = (8_000, 0.2, 10, 0.5);
            r.Reasoning = new ReasoningOptions { Effort = "medium" };
        }),
        ["reasoning-adaptive"] = ("global.anthropic.claude-opus-4-6-v1", r =>
        {
            Ask(r);
            r.Reasoning = new ReasoningOptions { Enabled = true, BudgetTokens = 20_000 };
        }),
        ["reasoning-nova"] = ("us.amazon.nova-2-lite-v1:0", r =>
        {
            Ask(r);
            r.MaxOutputTokens = 500;
            r.Reasoning = new ReasoningOptions { Effort = "high" };
        }),
        ["reasoning-open-weights"] = ("openai.gpt-oss-120b-1:0", r =>
        {
            Ask(r);
            r.Reasoning = new ReasoningOptions { Effort = "minimal" };
        }),
        ["reasoning-off"] = (Claude, r =>
        {
            Ask(r);
            r.Reasoning = new ReasoningOptions { Enabled = false };
        }),
        ["reasoning-beside-a-forced-tool"] = (Claude, r =>
        {
            Ask(r);
            r.Tools.Add(new ToolDefinition(Text("ping"), default, default));
            r.ToolChoice = new ToolChoice(ToolChoiceKind.Required);
            r.Reasoning = new ReasoningOptions { Effort = "low" };
        }),
        ["reasoning-without-the-thought-behind-a-call"] = (Claude, r =>
        {
            Call(r);
            r.Tools.Add(new ToolDefinition(Text("get_weather"), default, default));
            r.Reasoning = new ReasoningOptions { Effort = "low" };
        }),
        ["thoughts"] = (Claude, r =>
        {
            Ask(r);
            r.Messages.Add(new ChatMessage(ChatRole.Assistant,
            [
                new ThinkingPart(Text("Hm"), Text("EqQBCg==")), new RedactedThinkingPart(Text("3q2+7w==")), new ThinkingPart(Text("from elsewhere"), default), new TextPart(Text("So")), new RefusalPart(Text("No.")),
            ]));
            Say(r, ChatRole.User, "Go on");
        }),
        ["thoughts-for-a-model-without"] = (Nova, r =>
        {
            Ask(r);
            r.Messages.Add(new ChatMessage(ChatRole.Assistant, [new ThinkingPart(Text("Hm"), Text("sig")), new RedactedThinkingPart(Text("AA==")), new TextPart(Text("So"))]));
            Say(r, ChatRole.User, "Go on");
        }),
        ["cache-on-nova"] = (Nova, r =>
        {
            r.Messages.Add(new ChatMessage(ChatRole.User, [new TextPart(Text("Hi")) { Cache = new CacheMarker("1h") }, new ImagePart(new MediaSource(MediaForm.Base64, Text(Png), "image/png"), "high")]));
            r.Tools.Add(new ToolDefinition(Text("ping"), default, default) { Cache = new CacheMarker(null) });
        }),
        ["cache-on-a-model-without"] = ("mistral.mistral-large-2407-v1:0", r =>
            r.Messages.Add(new ChatMessage(ChatRole.User, [new TextPart(Text("Hi")) { Cache = new CacheMarker(null) }]))),
        ["reasoning-budget"] = (Claude, r =>
        {
            Ask(r);
            r.MaxOutputTokens = 5_000;
            r.Reasoning = new ReasoningOptions { Enabled = true, BudgetTokens = 6_000 };
        }),
        ["stop"] = (Claude, r =>
        {
            Ask(r);
            r.Stop.Add(Text("END"));
        }),
        ["cache"] = (Claude, r =>
        {
            r.Messages.Add(new ChatMessage(ChatRole.System, [new TextPart(Text("Long rules")) { Cache = new CacheMarker("1h") }, new TextPart(Text("Short"))]));
            r.Messages.Add(new ChatMessage(ChatRole.User, [new TextPart(Text("Hi")) { Cache = new CacheMarker(null) }]) { Name = Text("Ann") });
        }),
    };

    private static JsonText Text(string text) => JsonText.Of(text);

    private static JsonRaw Raw(string json) => new(Encoding.UTF8.GetBytes(json));

    private static void Say(ChatRequest request, ChatRole role, string text) => request.Messages.Add(new ChatMessage(role, [new TextPart(Text(text))]));

    private static void Ask(ChatRequest request) => Say(request, ChatRole.User, "Hi");

    private static void Call(ChatRequest request)
    {
        Ask(request);
        request.Messages.Add(new ChatMessage(ChatRole.Assistant, [new ToolCallPart(Text("call_1"), Text("get_weather"), Raw("""{"city":"Bonn"}"""))]));
        request.Messages.Add(new ChatMessage(ChatRole.Tool, [new ToolResultPart(Text("call_1"), [new TextPart(Text("Rain"))])]));
    }
}
