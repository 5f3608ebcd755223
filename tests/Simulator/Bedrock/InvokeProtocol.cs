using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>InvokeModel for the embeddings of Titan and Cohere, whose bodies are the models' own.</summary>
internal sealed class InvokeProtocol(TimeProvider clock) : BedrockProtocol(clock)
{
    private const int TitanV1Dimensions = 1536;
    private const int DefaultDimensions = 1024;
    private const int MostTexts = 96;

    private static readonly FieldNames TitanFields = new("inputText", "dimensions", "normalize", "embeddingTypes");
    private static readonly FieldNames CohereFields = new("texts", "images", "inputs", "input_type", "truncate", "embedding_types", "output_dimension", "max_tokens");

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        var model = ModelOf(request);
        refusal = default;
        var fault = model.Contains("titan-embed", StringComparison.Ordinal) ? ReadTitan(model, body, out var read)
            : model.Contains("cohere.embed", StringComparison.Ordinal) ? ReadCohere(model, body, out read)
            : Nothing(out read);
        if (fault is not null) refusal = new Refusal(400, fault);
        return fault is null ? read : null;
    }

    private static string Nothing(out InvokeRequest? read)
    {
        read = null;
        return "The provided model identifier is invalid.";
    }

    private static string? ReadTitan(string model, JsonElement body, out InvokeRequest? read)
    {
        read = null;
        if (TitanFields.Stranger(body) is { } name) return $"Malformed input request: #: extraneous key [{name}] is not permitted, please reformat your input and try again.";
        if (body.TextOf("inputText") is not { Length: > 0 } text) return "Malformed input request: #: required key [inputText] not found, please reformat your input and try again.";
        var isFirst = model.Contains("embed-text-v1", StringComparison.Ordinal);
        if (isFirst && body.Has("dimensions")) return "Malformed input request: #: extraneous key [dimensions] is not permitted, please reformat your input and try again.";
        if (body.Has("dimensions") && body.WholeOf("dimensions") is null) return "Malformed input request: #/dimensions: expected type: Integer, please reformat your input and try again.";
        var dimensions = body.WholeOf("dimensions") ?? (isFirst ? TitanV1Dimensions : DefaultDimensions);
        if (!isFirst && dimensions is not (256 or 512 or 1024)) return $"Malformed input request: #/dimensions: {dimensions} is not a valid enum value, please reformat your input and try again.";
        read = new InvokeRequest(model, [text], dimensions, IsTitan: true, ByType: body.Has("embeddingTypes"));
        return null;
    }

    private static string? ReadCohere(string model, JsonElement body, out InvokeRequest? read)
    {
        read = null;
        if (CohereFields.Stranger(body) is { } name) return $"Malformed input request: #: extraneous key [{name}] is not permitted, please reformat your input and try again.";
        if (body.TextOf("input_type") is not ("search_document" or "search_query" or "classification" or "clustering"))
            return "Malformed input request: #: required key [input_type] not found, please reformat your input and try again.";
        if (body.TextsOf("texts") is not { Length: > 0 and <= MostTexts } texts) return $"Malformed input request: #/texts: expected 1 to {MostTexts} texts, please reformat your input and try again.";
        if (body.Has("output_dimension") && body.WholeOf("output_dimension") is not (256 or 512 or 1024 or 1536))
            return "Malformed input request: #/output_dimension: expected 256, 512, 1024 or 1536, please reformat your input and try again.";
        read = new InvokeRequest(model, texts, body.WholeOf("output_dimension") ?? DefaultDimensions, IsTitan: false, ByType: body.Has("embedding_types"));
        return null;
    }
}

/// <summary>Texts to embed.</summary>
internal sealed record InvokeRequest(string Model, string[] Texts, int Dimensions, bool IsTitan, bool ByType) : ISimulatedRequest
{
    public bool Streams => false;

    public string Prompt => Texts[^1];

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new InvokeAnswer(this, directives, id);
}

/// <summary>Vectors in the shape of the model that was asked; the tokens stand in a header too, Cohere's only there.</summary>
internal sealed class InvokeAnswer(InvokeRequest request, Directives directives, string id) : PlainAnswer
{
    private int Tokens => directives.PromptTokens ?? request.Texts.Sum(SimText.Tokens);

    public override void AddHeaders(IHeaderDictionary headers)
    {
        if (!directives.NoUsage) headers["X-Amzn-Bedrock-Input-Token-Count"] = Tokens.ToString(CultureInfo.InvariantCulture);
        headers["X-Amzn-Bedrock-Invocation-Latency"] = "42";
    }

    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        if (request.IsTitan) WriteTitan(writer);
        else WriteCohere(writer);
    });

    private void WriteTitan(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("embedding");
        WriteVector(writer, request.Texts[0]);
        if (request.ByType)
        {
            writer.WriteStartObject("embeddingsByType");
            writer.WritePropertyName("float");
            WriteVector(writer, request.Texts[0]);
            writer.WriteEndObject();
        }

        if (!directives.NoUsage) writer.WriteNumber("inputTextTokenCount", Tokens);
    }

    private void WriteCohere(Utf8JsonWriter writer)
    {
        writer.WriteString("id", id);
        writer.WriteString("response_type", request.ByType ? "embeddings_by_type" : "embeddings_floats");
        if (request.ByType) writer.WriteStartObject("embeddings");
        writer.WriteStartArray(request.ByType ? "float" : "embeddings");
        foreach (var text in request.Texts) WriteVector(writer, text);
        writer.WriteEndArray();
        if (request.ByType) writer.WriteEndObject();
        writer.WriteStartArray("texts");
        foreach (var text in request.Texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private void WriteVector(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartArray();
        foreach (var value in Embedder.Embed(DirectiveReader.WithoutMarkers(text), request.Dimensions)) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
