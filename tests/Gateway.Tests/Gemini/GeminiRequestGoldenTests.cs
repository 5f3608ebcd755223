using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>What Google gets for a request in neutral words: one file per case and API, with what could not be told.</summary>
public sealed class GeminiRequestGoldenTests
{
    private static readonly JsonWriterOptions Sent = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var name in RequestCases.All.Keys)
            {
                cases.Add(name, "gemini");
                cases.Add(name, "vertex");
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Request_ForGoogle_EqualsGolden(string name, string protocol)
    {
        var (model, make) = RequestCases.All[name];
        var translator = ProviderModules.Find(protocol)!.Chat!;
        var dropped = new DroppedFields();
        var body = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(body, Sent);

        var refusal = translator.WriteRequest(make(), Deployments.Of(model, protocol), writer, dropped);
        writer.Flush();

        var shown = new ArrayBufferWriter<byte>();
        using (var readable = new Utf8JsonWriter(shown, Readable))
        {
            readable.WriteStartObject();
            if (dropped.Count > 0) readable.WriteString("dropped", dropped.ToString());
            if (refusal is not null)
            {
                readable.WriteString("refused", refusal.Message);
                readable.WriteString("param", refusal.Param);
            }
            else
            {
                using var document = JsonDocument.Parse(body.WrittenMemory);
                readable.WritePropertyName("body");
                document.WriteTo(readable);
            }
            readable.WriteEndObject();
        }
        GoldenFile.Check("GeminiRequests", $"{name}.{protocol}.json", System.Text.Encoding.UTF8.GetString(shown.WrittenSpan) + "\n");
    }

    [Fact]
    public void ToolResult_OfCallWhoseIdIsNoUnicode_FindsItsCall()
    {
        var id = JsonText.CopyOfEscaped("\\ud800"u8);
        var request = new ChatRequest();
        request.Messages.Add(new(ChatRole.Assistant, [new ToolCallPart(id, JsonText.Of("f"), default)]));
        request.Messages.Add(new(ChatRole.Tool, [new ToolResultPart(id, [new TextPart(JsonText.Of("x"))])]));
        using var writer = new Utf8JsonWriter(new ArrayBufferWriter<byte>(), Sent);

        Assert.Null(ProviderModules.Find("gemini")!.Chat!.WriteRequest(request, Deployments.Of("gemini-2.5-flash"), writer, new DroppedFields()));
    }
}
