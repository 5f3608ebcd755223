using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's moderations. A text is flagged for a category when it names it, for example "violence".</summary>
internal sealed class ModerationsProtocol : OpenAiProtocol
{
    public const string DefaultModel = "omni-moderation-latest";

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        var input = body.Get("input");
        if (input.ValueKind == JsonValueKind.Undefined) return Refuse(out refusal, "Missing required parameter: 'input'.", "input", "missing_required_parameter");
        var texts = new List<string>();
        if (input.AsText() is { } single) texts.Add(single);
        else if (input.Items().All(i => i.AsText() is not null)) texts.AddRange(input.Items().Select(i => i.GetString()!));
        // Parts of one multimodal input are judged together.
        else texts.Add(string.Join('\n', input.Items().Select(p => p.TextOf("text")).OfType<string>()));
        if (texts.Count == 0) return Refuse(out refusal, "'input' must not be empty.", "input");
        var model = body.TextOf("model") ?? DefaultModel;
        return new OperationRequest(model, texts[^1], (directives, id, _) => new ModerationsAnswer(directives.ServedModel ?? model, texts, id));
    }
}

/// <summary>The verdict on each text.</summary>
internal sealed class ModerationsAnswer(string model, List<string> texts, string id) : PlainAnswer
{
    private const double Certain = 0.98;
    private const double Unlikely = 0.0001;

    private static readonly string[] Categories =
    [
        "harassment", "harassment/threatening", "sexual", "hate", "hate/threatening", "illicit", "illicit/violent",
        "self-harm/intent", "self-harm/instructions", "self-harm", "sexual/minors", "violence", "violence/graphic",
    ];

    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        writer.WriteString("id", "modr-sim" + id);
        writer.WriteString("model", model);
        writer.WriteStartArray("results");
        foreach (var text in texts) WriteResult(writer, DirectiveReader.WithoutMarkers(text));
        writer.WriteEndArray();
    });

    private static void WriteResult(Utf8JsonWriter writer, string text)
    {
        bool Flagged(string category) => text.Contains(category, StringComparison.OrdinalIgnoreCase);
        writer.WriteStartObject();
        writer.WriteBoolean("flagged", Categories.Any(Flagged));
        writer.WriteStartObject("categories");
        foreach (var category in Categories) writer.WriteBoolean(category, Flagged(category));
        writer.WriteEndObject();
        writer.WriteStartObject("category_scores");
        foreach (var category in Categories) writer.WriteNumber(category, Flagged(category) ? Certain : Unlikely);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
