using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>Vectors of unit length, each the sum of its words' signs, so that texts which share words lie close together.</summary>
internal sealed class EmbeddingsAnswer(EmbeddingsRequest request, Directives directives) : IAnswer
{
    private const int FeaturesPerWord = 8;

    public int Chunks => 1;

    public void WritePlain(IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, OpenAiJson.Options);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("object", "embedding");
            writer.WriteNumber("index", i);
            WriteVector(writer, Embed(DirectiveReader.WithoutMarkers(request.Inputs[i].Text), request.Dimensions));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model", directives.ServedModel ?? request.Model);
        if (!directives.NoUsage) WriteUsage(writer);
        writer.WriteEndObject();
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        WritePlain(into);
        yield return FrameKind.Output;
    }

    internal static float[] Embed(string text, int dimensions)
    {
        var vector = new float[dimensions];
        vector[0] = 0.01f;
        foreach (var word in text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var state = SimText.Hash(word.AsSpan().Trim(".,;:!?\"'()[]"));
            for (var i = 0; i < FeaturesPerWord; i++)
            {
                state = Scramble(state + (uint)i);
                vector[(int)(state % (uint)dimensions)] += (state & 0x8000_0000) == 0 ? 1 : -1;
            }
        }

        var length = MathF.Sqrt(vector.Sum(x => x * x));
        if (length == 0) (vector[0], length) = (1, 1);
        for (var i = 0; i < vector.Length; i++) vector[i] /= length;
        return vector;
    }

    private static uint Scramble(uint x)
    {
        // The finaliser of MurmurHash3: every input bit reaches every output bit.
        x = (x ^ (x >> 16)) * 0x85eb_ca6b;
        x = (x ^ (x >> 13)) * 0xc2b2_ae35;
        return x ^ (x >> 16);
    }

    private void WriteVector(Utf8JsonWriter writer, float[] vector)
    {
        if (request.Base64)
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
