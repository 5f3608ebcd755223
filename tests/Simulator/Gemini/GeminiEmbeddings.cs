using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator.Gemini;

/// <summary>The three ways to ask Google for embeddings.</summary>
internal enum EmbeddingsKind
{
    /// <summary><c>embedContent</c>: one text.</summary>
    One,

    /// <summary><c>batchEmbedContents</c>: several requests in one.</summary>
    Batch,

    /// <summary>Vertex's <c>predict</c>, with token counts.</summary>
    Predict,
}

/// <summary>Embeddings of Gemini and Vertex.</summary>
internal sealed class GeminiEmbeddings(TokenIssuer tokens, bool isVertex, EmbeddingsKind kind) : GeminiProtocol(tokens, isVertex)
{
    private const int DefaultDimensions = 3072;
    private const int MostInputs = 250;
    private static readonly FieldNames OneFields = new("model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig");
    private static readonly FieldNames BatchFields = new("requests");
    private static readonly FieldNames PredictFields = new("instances", "parameters");
    private static readonly FieldNames InstanceFields = new("content", "taskType", "title");

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        var model = ModelOf(request);
        var texts = new List<string>();
        var dimensions = DefaultDimensions;
        var fault = kind switch
        {
            EmbeddingsKind.One => ReadOne(body, texts, ref dimensions, ""),
            EmbeddingsKind.Batch => ReadBatch(body, model, texts, ref dimensions),
            _ => ReadPredict(body, texts, ref dimensions),
        };
        fault ??= texts.Count is >= 1 and <= MostInputs ? null : $"* 1 to {MostInputs} inputs are needed.";
        fault ??= dimensions is >= 1 and <= DefaultDimensions ? null : $"* output_dimensionality must be in the range [1, {DefaultDimensions}].";
        refusal = fault is null ? default : new Refusal(400, fault);
        return fault is null ? new EmbedRequest(model, texts, dimensions, kind) : null;
    }

    private static string? ReadOne(JsonElement body, List<string> texts, ref int dimensions, string path)
    {
        if (body.Unknown(OneFields, path) is { } unknown) return unknown;
        var parts = body.Field("content").Field("parts").Items().Select(p => p.TextOf("text")).ToList();
        if (parts.Count == 0 || parts.Contains(null)) return "* EmbedContentRequest.content: contents is not specified";
        texts.Add(string.Join('\n', parts));
        if (body.HasField("outputDimensionality")) dimensions = body.Field("outputDimensionality").AsWhole() ?? 0;
        return null;
    }

    private static string? ReadBatch(JsonElement body, string model, List<string> texts, ref int dimensions)
    {
        if (body.Unknown(BatchFields, "") is { } unknown) return unknown;
        var index = 0;
        foreach (var one in body.Field("requests").Items())
        {
            if (one.TextOf("model") != "models/" + model) return $"* BatchEmbedContentsRequest.requests[{index}].model: model in the request must match the model in the path: models/{model}";
            if (ReadOne(one, texts, ref dimensions, $"requests[{index++}]") is { } fault) return fault;
        }

        return null;
    }

    private static string? ReadPredict(JsonElement body, List<string> texts, ref int dimensions)
    {
        if (body.Unknown(PredictFields, "") is { } unknown) return unknown;
        foreach (var instance in body.Field("instances").Items())
        {
            if (instance.Unknown(InstanceFields, "instances") is { } stranger) return stranger;
            if (instance.TextOf("content") is not { Length: > 0 } text) return "The content of an instance must be a text.";
            texts.Add(text);
        }

        if (body.Field("parameters").HasField("outputDimensionality")) dimensions = body.Field("parameters").Field("outputDimensionality").AsWhole() ?? 0;
        return null;
    }
}

/// <summary>Texts to embed.</summary>
internal sealed record EmbedRequest(string Model, List<string> Texts, int Dimensions, EmbeddingsKind Kind) : ISimulatedRequest
{
    public bool Streams => false;

    public string Prompt => Texts[^1];

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new EmbedAnswer(this, directives);
}

/// <summary>Vectors in Google's shapes; only Vertex says how many tokens they cost.</summary>
internal sealed class EmbedAnswer(EmbedRequest request, Directives directives) : PlainAnswer
{
    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        if (request.Kind == EmbeddingsKind.One)
        {
            writer.WriteStartObject("embedding");
            WriteValues(writer, request.Texts[0]);
            writer.WriteEndObject();
            return;
        }

        var isPredict = request.Kind == EmbeddingsKind.Predict;
        writer.WriteStartArray(isPredict ? "predictions" : "embeddings");
        foreach (var text in request.Texts)
        {
            writer.WriteStartObject();
            if (isPredict) writer.WriteStartObject("embeddings");
            WriteValues(writer, text);
            if (isPredict)
            {
                if (!directives.NoUsage)
                {
                    writer.WriteStartObject("statistics");
                    writer.WriteNumber("token_count", directives.PromptTokens ?? SimText.Tokens(text));
                    writer.WriteBoolean("truncated", false);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private void WriteValues(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartArray("values");
        foreach (var value in Embedder.Embed(DirectiveReader.WithoutMarkers(text), request.Dimensions)) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
