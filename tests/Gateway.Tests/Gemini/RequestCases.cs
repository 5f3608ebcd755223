using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Requests in neutral words, by name, with the model that each is for.</summary>
internal static class RequestCases
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static readonly SortedDictionary<string, (string Model, Func<ChatRequest> Make)> All = new(StringComparer.Ordinal)
    {
        ["basic"] = ("gemini-2.5-flash", () => Chat(System("Be brief."), User(Text("Say \"hi\"\nin Ünicode 🙂")))),
        ["multi-turn"] = ("gemini-2.5-flash", () => Chat(
            System("One."), new(ChatRole.Developer, [Text("Two.")]), User(Text("a")), User(Text("b")), Assistant(Text("c")), User(Text("")), Assistant(Text("d")), System("Three."), User(Text("e")))),
        ["only-system"] = ("gemini-2.5-flash", () => Chat(System("Tell a joke."))),
        ["empty"] = ("gemini-2.5-flash", () => Chat(User(Text("")))),
        ["system-image"] = ("gemini-2.5-flash", () => Chat(new(ChatRole.System, [Image(MediaForm.Base64, Png, "image/png")]), User(Text("x")))),
        ["tools"] = ("gemini-2.5-flash", () => With(Chat(User(Text("Weather?"))), r =>
        {
            r.Tools.Add(new(J("get_weather"), J("Tells the weather"), Raw("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""")) { Strict = true });
            r.Tools.Add(new(J("now"), default, default));
            r.ToolChoice = new(ToolChoiceKind.Auto);
        })),
        ["tool-choice-named"] = ("gemini-2.5-flash", () => With(WithTool(Chat(User(Text("x")))), r => r.ToolChoice = new(ToolChoiceKind.Named, J("get_weather")))),
        ["tool-choice-required"] = ("gemini-2.5-flash", () => With(WithTool(Chat(User(Text("x")))), r => r.ToolChoice = new(ToolChoiceKind.Required))),
        ["tool-choice-none"] = ("gemini-2.5-flash", () => With(WithTool(Chat(User(Text("x")))), r => r.ToolChoice = new(ToolChoiceKind.None))),
        ["tool-choice-without-tools"] = ("gemini-2.5-flash", () => With(Chat(User(Text("x"))), r => r.ToolChoice = new(ToolChoiceKind.Required))),
        ["parallel-tools"] = ("gemini-3.1-pro-preview", () => With(WithTool(Chat(
            User(Text("Weather in two cities?")),
            Assistant(Text("Looking."), Call("c1", "get_weather", """{"city":"Oslo"}""", "c2ln"), Call("c2", "get_weather", """{"city":"Rome"}""")),
            Tool(Result("c1", Text("{\"t\":1}")), Result("c2", Text("20 degrees"), Text("sunny"))))), r => r.ParallelToolCalls = false)),
        ["tool-results"] = ("gemini-3-flash-preview", () => WithTool(Chat(
            User(Text("Look.")), Assistant(Call("c1", "look", ""), Call("c2", "get_weather", "{}")),
            Tool(Result("c1", Text("a picture"), Image(MediaForm.Base64, Png, "image/png")), new ToolResultPart(J("c2"), [Text("no such city")]) { IsError = true }),
            User(Text("Well?"))))),
        ["tool-results-empty"] = ("gemini-2.5-flash", () => WithTool(Chat(User(Text("x")), Assistant(Call("c1", "look", "{}")), Tool(Result("c1"))))),
        ["tool-result-image-of-older-model"] = ("gemini-2.5-flash", () => WithTool(Chat(
            User(Text("Look.")), Assistant(Call("c1", "look", "{}")), Tool(Result("c1", Image(MediaForm.Base64, Png, "image/png")))))),
        ["tool-result-image-url"] = ("gemini-3-flash-preview", () => WithTool(Chat(
            User(Text("Look.")), Assistant(Call("c1", "look", "{}")), Tool(Result("c1", Image(MediaForm.Url, "https://example.com/a.png", null)))))),
        ["tool-result-documents"] = ("gemini-3-flash-preview", () => WithTool(Chat(
            User(Text("Read.")), Assistant(Call("c1", "look", "{}"), Call("c2", "look", "{}")),
            Tool(
                Result("c1",
                    new DocumentPart(new(MediaForm.Base64, J("JVBERi0xLjQK"), "application/pdf"), J("a.pdf")),
                    new DocumentPart(new(MediaForm.Text, J("words"), null), default),
                    new DocumentPart(new(MediaForm.Text, J("more words"), null), default) { Context = J("About it") }),
                Result("c2", new AudioPart(new(MediaForm.Base64, J("UklGRg=="), "audio/wav"))))))),
        ["tool-result-unknown-call"] = ("gemini-2.5-flash", () => WithTool(Chat(User(Text("x")), Tool(Result("nowhere", Text("y")))))),
        ["tool-arguments-no-object"] = ("gemini-2.5-flash", () => WithTool(Chat(User(Text("x")), Assistant(Call("c1", "look", "[1]"))))),
        ["image-base64"] = ("gemini-2.5-flash", () => Chat(User(Text("What is it?"), Image(MediaForm.Base64, Png, "image/png", "high"), Image(MediaForm.Base64, Png, null)))),
        ["image-base64-unknown-type"] = ("gemini-2.5-flash", () => Chat(User(Image(MediaForm.Base64, "AAAA", null)))),
        ["image-url"] = ("gemini-2.5-flash", () => Chat(User(Image(MediaForm.Url, "https://example.com/cat.JPG?size=1", null)))),
        ["image-url-untold-type"] = ("gemini-2.5-flash", () => Chat(User(Image(MediaForm.Url, "https://example.com/cat", null)))),
        ["image-url-cloud-storage"] = ("gemini-2.5-flash", () => Chat(User(Image(MediaForm.Url, "gs://bucket/cat.png", null)))),
        ["image-url-plain-http"] = ("gemini-2.5-flash", () => Chat(User(Image(MediaForm.Url, "http://example.com/cat.png", null)))),
        ["image-file-id"] = ("gemini-2.5-flash", () => Chat(User(Image(MediaForm.FileId, "file-123", null)))),
        ["document"] = ("gemini-2.5-flash", () => Chat(User(
            new DocumentPart(new(MediaForm.Base64, J("JVBERi0xLjQK"), "application/pdf"), J("report.pdf")) { Cite = true },
            new DocumentPart(new(MediaForm.Text, J("plain words"), "text/plain"), default) { Context = J("About it") },
            Text("Summarise.")))),
        ["audio"] = ("gemini-2.5-flash", () => Chat(User(new AudioPart(new(MediaForm.Base64, J("UklGRg=="), "audio/wav")), Text("Who speaks?")))),
        ["json-schema"] = ("gemini-2.5-flash", () => With(Chat(User(Text("x"))), r =>
            r.ResponseFormat = new(Raw("""{"type":"object","properties":{"a":{"type":"integer"}}}"""), J("thing"), true) { Description = J("A thing") })),
        ["json-mode"] = ("gemini-2.5-flash", () => With(Chat(User(Text("x"))), r => r.ResponseFormat = new(default))),
        ["stop"] = ("gemini-2.5-flash", () => With(Chat(User(Text("x"))), r => r.Stop.AddRange([J("END"), J("\n\n")]))),
        ["stop-too-many"] = ("gemini-2.5-flash", () => With(Chat(User(Text("x"))), r => r.Stop.AddRange([J("1"), J("2"), J("3"), J("4"), J("5"), J("6")]))),
        ["parameters"] = ("gemini-2.5-flash", () => With(Chat(User(Text("x"))), r =>
        {
            (r.MaxOutputTokens, r.Temperature, r.TopP, r.TopK, r.Seed) = (100, 0.5, 0.9, 40, 7);
            (r.FrequencyPenalty, r.PresencePenalty, r.Choices) = (0.1, -0.2, 3);
        })),
        ["dropped-fields"] = ("gemini-2.5-flash", () => With(Chat(
            new ChatMessage(ChatRole.User, [new TextPart(J("x")) { Cache = new(null) }]) { Name = J("bob") }), r =>
        {
            (r.LogitBias, r.Logprobs, r.TopLogprobs, r.ServiceTier, r.UserId) = (Raw("""{"1":2}"""), true, 3, "flex", J("u1"));
            (r.Seed, r.Choices) = (1L << 40, 12);
        })),
        ["reasoning-effort"] = ("gemini-2.5-flash", () => Reason(new() { Effort = "medium" })),
        ["reasoning-effort-none"] = ("gemini-2.5-flash", () => Reason(new() { Effort = "none", Enabled = false })),
        ["reasoning-none-of-pro"] = ("gemini-2.5-pro", () => Reason(new() { Enabled = false })),
        ["reasoning-budget"] = ("gemini-2.5-pro", () => Reason(new() { Enabled = true, BudgetTokens = 2_000 })),
        ["reasoning-budget-too-large"] = ("gemini-2.5-flash", () => Reason(new() { Enabled = true, BudgetTokens = 31_999 })),
        ["reasoning-enabled"] = ("gemini-2.5-flash", () => Reason(new() { Enabled = true, IncludeThoughts = false })),
        ["reasoning-level"] = ("gemini-3.1-pro-preview", () => Reason(new() { Effort = "xhigh" })),
        ["reasoning-level-minimal"] = ("gemini-3-flash-preview", () => Reason(new() { Effort = "minimal" })),
        ["reasoning-level-none"] = ("gemini-3.1-pro-preview", () => Reason(new() { Effort = "none" })),
        ["reasoning-level-of-budget"] = ("gemini-3-flash-preview", () => Reason(new() { Enabled = true, BudgetTokens = 20_000 })),
        ["reasoning-unknown-to-model"] = ("gemini-2.0-flash", () => Reason(new() { Effort = "high" })),
        ["reasoning-history"] = ("gemini-3.1-pro-preview", () => WithTool(Chat(
            User(Text("x")),
            Assistant(new ThinkingPart(J("Hm."), J("another's")), new RedactedThinkingPart(J("gemini.c2lnMQ==")), new RedactedThinkingPart(J("another's")), Text("Yes.")),
            User(Text("And?")),
            Assistant(new RedactedThinkingPart(J("gemini.c2lnMg==")), Call("c1", "get_weather", "{}")),
            Tool(Result("c1", Text("20"))),
            Assistant(new RefusalPart(J("I would rather not."))),
            User(Text("Why?"))))),
    };

    private static ChatRequest Chat(params ChatMessage[] messages) => With(new ChatRequest(), r => r.Messages.AddRange(messages));

    private static ChatRequest Reason(ReasoningOptions options) => With(Chat(User(Text("x"))), r => r.Reasoning = options);

    private static ChatRequest WithTool(ChatRequest request) => With(request, r => r.Tools.Add(new(J("get_weather"), default, Raw("""{"type":"object"}"""))));

    private static ChatRequest With(ChatRequest request, Action<ChatRequest> change)
    {
        change(request);
        return request;
    }

    private static ChatMessage System(string text) => new(ChatRole.System, [Text(text)]);

    private static ChatMessage User(params ContentPart[] parts) => new(ChatRole.User, [.. parts]);

    private static ChatMessage Assistant(params ContentPart[] parts) => new(ChatRole.Assistant, [.. parts]);

    private static ChatMessage Tool(params ContentPart[] parts) => new(ChatRole.Tool, [.. parts]);

    private static TextPart Text(string text) => new(J(text));

    private static ImagePart Image(MediaForm form, string value, string? type, string? detail = null) => new(new(form, J(value), type), detail);

    private static ToolCallPart Call(string id, string name, string arguments, string? signature = null) =>
        new(J(id), J(name), Raw(arguments)) { Signature = signature is null ? default : J(signature) };

    private static ToolResultPart Result(string id, params ContentPart[] content) => new(J(id), [.. content]);

    private static JsonText J(string text) => JsonText.Of(text);

    private static JsonRaw Raw(string json) => JsonRaw.CopyOf(global::System.Text.Encoding.UTF8.GetBytes(json));
}
