using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>A vector for each text, as floats or as base64.</summary>
internal sealed class EmbeddingsAnswer(EmbeddingsRequest request, Directives directives) : PlainAnswer
{
    public override void WritePlain(IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, WireJson.Options);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("object", "embedding");
            writer.WriteNumber("index", i);
            WriteVector(writer, Embedder.Embed(DirectiveReader.WithoutMarkers(request.Inputs[i].Text), request.Dimensions));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model", directives.ServedModel ?? request.Model);
        if (!directives.NoUsage) WriteUsage(writer);
        writer.WriteEndObject();
    }

    private void WriteVector(Utf8JsonWriter writer, float[] vector)
    {
        if (request.Base64 && !directives.NoBase64)
        {
            // Little-endian floats, as OpenAI sends them; every platform that .NET runs on is little-endian.
            writer.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vector));
            return;
        }

        writer.WriteStartArray("embedding");
        foreach (var value in vector) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        var tokens = directives.PromptTokens ?? request.Inputs.Sum(i => i.Tokens);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", tokens);
        writer.WriteNumber("total_tokens", tokens);
        writer.WriteEndObject();
    }
}
