using System.Text.Json;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>
/// Writes what a request's body asks for in one way only, whatever its spelling: properties in the order of their names, no blanks, texts without escapes, numbers
/// as <see cref="CanonicalNumber"/> has them, without what only concerns the caller and without what says the same as silence. In one pass over the bytes.
/// </summary>
internal static class CanonicalRequest
{
    /// <summary>Longest body that is looked at, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Writes a body.</summary>
    /// <param name="body">One JSON object, valid.</param>
    /// <param name="operation">What is asked for.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    /// <param name="output">Takes it.</param>
    /// <param name="holes">Where texts begin in whose place a mark is written: what differs only there is written alike.</param>
    /// <returns>What it says of being kept; <see cref="CacheFitness.Unfit"/> where it cannot be written.</returns>
    public static CacheFitness Write(ReadOnlySpan<byte> body, Operation operation, int maxDepth, CanonicalBuffer output, ReadOnlySpan<int> holes = default)
    {
        if (body.Length > MaxBytes) return CacheFitness.Unfit;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return CacheFitness.Unfit;
            return WriteRoot(ref reader, operation, output, holes);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair, which has no bytes in UTF-8.
            return CacheFitness.Unfit;
        }
    }

    private static CacheFitness WriteRoot(ref Utf8JsonReader reader, Operation operation, CanonicalBuffer output, ReadOnlySpan<int> holes)
    {
        var fitness = CacheFitness.None;
        var first = output.Properties.Count;
        output.Mark('{');
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (RequestFields.IsCallersOnly(ref reader, operation))
            {
                reader.Read();
                reader.Skip();
                continue;
            }
            var (start, mark) = (output.Length, RequestFields.MarkOf(ref reader));
            WriteText(ref reader, output);
            var nameEnd = output.Length;
            reader.Read();
            WriteValue(ref reader, output, holes);
            var value = output.Written[nameEnd..];
            if (RequestFields.SaysNothing(output.Written[start..nameEnd], value))
            {
                output.CutTo(start);
                continue;
            }
            fitness |= RequestFields.FitnessOf(mark, value);
            output.Properties.Add(new(start, nameEnd, output.Length));
        }
        End(first, output);
        return fitness;
    }

    private static void WriteValue(ref Utf8JsonReader reader, CanonicalBuffer output, ReadOnlySpan<int> holes)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var first = output.Properties.Count;
                output.Mark('{');
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var start = output.Length;
                    WriteText(ref reader, output);
                    var nameEnd = output.Length;
                    reader.Read();
                    WriteValue(ref reader, output, holes);
                    output.Properties.Add(new(start, nameEnd, output.Length));
                }
                End(first, output);
                break;
            case JsonTokenType.StartArray:
                output.Mark('[');
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) WriteValue(ref reader, output, holes);
                output.Mark(']');
                break;
            case JsonTokenType.String when !holes.IsEmpty && holes.Contains((int)reader.TokenStartIndex):
                output.Mark('h');
                break;
            case JsonTokenType.String:
                WriteText(ref reader, output);
                break;
            case JsonTokenType.Number:
                CanonicalNumber.Write(reader.ValueSpan, output);
                break;
            default:
                output.Mark(reader.TokenType == JsonTokenType.True ? 't' : reader.TokenType == JsonTokenType.False ? 'f' : 'z');
                break;
        }
    }

    private static void End(int first, CanonicalBuffer output)
    {
        output.Sort(first);
        output.Properties.RemoveRange(first, output.Properties.Count - first);
        output.Mark('}');
    }

    private static void WriteText(ref Utf8JsonReader reader, CanonicalBuffer output)
    {
        if (!reader.ValueIsEscaped)
        {
            output.Text(reader.ValueSpan);
            return;
        }
        // Without its escapes a text is shorter.
        var plain = System.Buffers.ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            var length = reader.CopyString(plain);
            output.Text(plain.AsSpan(0, length));
            plain.AsSpan(0, length).Clear();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
