using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's embeddings.</summary>
internal sealed class EmbeddingsProtocol : OpenAiProtocol
{
    private const int MostDimensions = 3072;
    private const int MostInputs = 2048;

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        if (body.ValueKind != JsonValueKind.Object) return Refuse("The body must be a JSON object.", null, out refusal);
        if (!body.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String) return Refuse("A model must be named in 'model'.", "model", out refusal);
        if (!body.TryGetProperty("input", out var input) || ReadInputs(input) is not { Count: > 0 and <= MostInputs } inputs)
            return Refuse($"'input' must be a text, an array of up to {MostInputs} texts, or token ids.", "input", out refusal);

        var dimensions = EmbeddingsRequest.DefaultDimensions;
        if (body.TryGetProperty("dimensions", out var wanted) && wanted.ValueKind != JsonValueKind.Null
            && (wanted.ValueKind != JsonValueKind.Number || !wanted.TryGetInt32(out dimensions) || dimensions is < 1 or > MostDimensions))
            return Refuse($"'dimensions' must be a whole number from 1 to {MostDimensions}.", "dimensions", out refusal);

        var format = body.TryGetProperty("encoding_format", out var encoding) && encoding.ValueKind == JsonValueKind.String ? encoding.GetString() : "float";
        if (format is not ("float" or "base64")) return Refuse("'encoding_format' must be float or base64.", "encoding_format", out refusal);
        return new EmbeddingsRequest(model.GetString()!, inputs, dimensions, format == "base64");
    }

    private static EmbeddingsRequest? Refuse(string message, string? param, out Refusal refusal)
    {
        refusal = new Refusal(400, message, Param: param);
        return null;
    }

    private static List<EmbeddingInput>? ReadInputs(JsonElement input)
    {
        if (ReadInput(input) is { } single) return [single];
        if (input.ValueKind != JsonValueKind.Array) return null;
        var inputs = new List<EmbeddingInput>(input.GetArrayLength());
        foreach (var item in input.EnumerateArray())
        {
            if (ReadInput(item) is not { } read) return null;
            inputs.Add(read);
        }

        return inputs;
    }

    /// <summary>A text, or an array of token ids; null for anything else.</summary>
    private static EmbeddingInput? ReadInput(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return new EmbeddingInput(input.GetString()!, SimText.Tokens(input.GetString()!));
        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0) return null;
        foreach (var id in input.EnumerateArray())
            if (id.ValueKind != JsonValueKind.Number) return null;
        return new EmbeddingInput(string.Join(' ', input.EnumerateArray().Select(id => id.GetRawText())), input.GetArrayLength());
    }
}

/// <summary>A text to embed and its tokens.</summary>
internal sealed record EmbeddingInput(string Text, int Tokens);

/// <summary>The fields of an embeddings request on which the simulator acts.</summary>
internal sealed record EmbeddingsRequest(string Model, List<EmbeddingInput> Inputs, int Dimensions, bool Base64) : ISimulatedRequest
{
    public const int DefaultDimensions = 1536;

    public bool Streams => false;

    public string Prompt => Inputs[^1].Text;

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new EmbeddingsAnswer(this, directives);
}
