using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;

namespace AspireGateway.Gateway.Egress.Embeddings;

/// <summary>Vectors as numbers and as base64 of little-endian 32-bit floats; either way back and forth, bit by bit the same.</summary>
internal static class VectorBytes
{
    /// <summary>Writes a vector as a base64 string.</summary>
    public static void WriteBase64(ReadOnlySpan<float> vector, Utf8JsonWriter writer)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, vector.Length * sizeof(float)));
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        writer.WriteBase64StringValue(bytes.AsSpan(0, vector.Length * sizeof(float)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Writes a vector as an array of numbers, each in the shortest form that reads back as the same float. What is no number in JSON becomes 0.</summary>
    public static void WriteNumbers(ReadOnlySpan<float> vector, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var value in vector) writer.WriteNumberValue(float.IsFinite(value) ? value : 0);
        writer.WriteEndArray();
    }

    /// <summary>Reads a base64 string; false when it is none, or no whole number of floats.</summary>
    public static bool TryReadBase64(ReadOnlySpan<byte> base64, List<float> vector)
    {
        vector.Clear();
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, Base64.GetMaxDecodedFromUtf8Length(base64.Length)));
        try
        {
            if (Base64.DecodeFromUtf8(base64, bytes, out _, out var length) != OperationStatus.Done || length % sizeof(float) != 0) return false;
            for (var at = 0; at < length; at += sizeof(float)) vector.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at)));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
