using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers.Bedrock;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>What Converse is asked.</summary>
public sealed class BedrockRequestTests
{
    public static TheoryData<string> Cases => [.. BedrockRequestCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Request_ForConverse_EqualsGolden(string name) =>
        Assert.Equal(Encoding.UTF8.GetString(GoldenCases.Read("BedrockRequests", name, "out", "txt")), Write(name));

    [Fact]
    public void Documents_OfTheSameName_GetDifferentOnes()
    {
        var names = new BedrockDocumentNames();
        Assert.Equal(["report-pdf", "report-pdf (2)", "report-pdf (3)"], new[] { "report.pdf", "report/pdf", "report..pdf" }.Select(name => names.Of(JsonText.Of(name))));
        Assert.Equal("a b", names.Of(JsonText.Of("  a \t b \u00a0")));
        Assert.Equal("document", names.Of(default));
        Assert.Equal(190, names.Of(JsonText.Of(new string('x', 5_000))).Length);
    }

    internal static string Write(string name)
    {
        var (model, fill) = BedrockRequestCases.All[name];
        var request = new ChatRequest();
        fill(request);
        var dropped = new DroppedFields();
        var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (BedrockRequestWriter.Write(request, model, writer, dropped) is { } refusal)
            {
                writer.Reset(new MemoryStream());
                return $"{refusal.Status} {refusal.Code} {refusal.Param}\n{refusal.Message}\n";
            }
        }
        using var parsed = JsonDocument.Parse(body.ToArray());
        return $"{Indented(parsed)}\ndropped: {dropped}\n";
    }

    private static string Indented(JsonDocument document)
    {
        var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" })) document.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
