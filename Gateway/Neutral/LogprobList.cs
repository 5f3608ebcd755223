using System.Buffers;
using System.Text.Json;

namespace AspireGateway.Gateway.Neutral;

/// <summary>Log probabilities of a part's tokens, collected from its events. Beyond a bound it keeps none: half a list would pass for a whole one.</summary>
/// <param name="maxBytes">The most that it keeps, in bytes.</param>
internal sealed class LogprobList(int maxBytes)
{
    private readonly ArrayBufferWriter<byte> elements = new(1024);
    private bool isTooLong;

    /// <summary>The elements as <see cref="TokenLogprobs"/> writes them; empty = none, or too many.</summary>
    public ReadOnlySpan<byte> Elements => elements.WrittenSpan;

    /// <summary>Adds elements.</summary>
    public void Add(ReadOnlySpan<byte> more)
    {
        if (more.IsEmpty || isTooLong) return;
        if (elements.WrittenCount + more.Length > maxBytes)
        {
            isTooLong = true;
            elements.Clear();
            return;
        }
        if (elements.WrittenCount > 0) elements.Write(","u8);
        elements.Write(more);
    }

    /// <summary>Writes the elements of some lists as one array.</summary>
    public static void WriteArray(Utf8JsonWriter writer, ReadOnlySpan<byte> name, params IEnumerable<LogprobList?> lists)
    {
        writer.WriteStartArray(name);
        foreach (var list in lists)
            if (list is { Elements.IsEmpty: false }) writer.WriteRawValue(list.Elements, skipInputValidation: true);
        writer.WriteEndArray();
    }
}
