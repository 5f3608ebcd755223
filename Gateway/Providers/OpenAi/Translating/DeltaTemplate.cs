using System.Buffers;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>
/// The bytes around the text of the last event that carried nothing but text. The next event that differs in the text only needs no parsing: it was
/// parsed already. OpenAI pads its events with a second text of random length (<c>obfuscation</c>), which may differ too.
/// </summary>
internal sealed class DeltaTemplate
{
    // Everything that a JSON string cannot hold as it is, and the escapes, which the parser shall look at.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private byte[] bytes = [];
    private int before, between, behind;
    private bool hasPadding;

    /// <summary>The choice that the text belongs to.</summary>
    public int Choice { get; private set; }

    /// <summary>What the text is.</summary>
    public PartKind Kind { get; private set; }

    /// <summary>The tool call whose arguments it is.</summary>
    public int Tool { get; private set; }

    /// <summary>Remembers an event.</summary>
    /// <param name="data">The event.</param>
    /// <param name="textStart">Where its text begins.</param>
    /// <param name="paddingStart">Where its padding begins; 0 = it has none.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="kind">What the text is.</param>
    /// <param name="tool">The tool call.</param>
    public void Remember(ReadOnlySpan<byte> data, int textStart, int paddingStart, int choice, PartKind kind, int tool)
    {
        before = 0;
        if (bytes.Length < data.Length) bytes = new byte[Math.Max(512, data.Length * 2)];
        var textEnd = EndOf(data, textStart);
        // Padding in front of the text is no form that is known.
        if (textEnd < 0 || (paddingStart > 0 && paddingStart < textEnd)) return;
        var rest = data[textEnd..];
        hasPadding = paddingStart > 0;
        var paddingEnd = hasPadding ? EndOf(data, paddingStart) : 0;
        if (paddingEnd < 0) return;
        between = hasPadding ? paddingStart - textEnd : rest.Length;
        behind = hasPadding ? data.Length - paddingEnd : 0;
        data[..textStart].CopyTo(bytes);
        rest[..between].CopyTo(bytes.AsSpan(textStart));
        if (hasPadding) data[paddingEnd..].CopyTo(bytes.AsSpan(textStart + between));
        before = textStart;
        (Choice, Kind, Tool) = (choice, kind, tool);
    }

    /// <summary>Remembers nothing.</summary>
    public void Forget() => before = 0;

    /// <summary>Whether an event is the remembered one with another text.</summary>
    public bool TryMatch(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (before == 0 || !data.StartsWith(bytes.AsSpan(0, before))) return false;
        var end = EndOf(data, before);
        if (end < 0) return false;
        var rest = data[end..];
        if (hasPadding)
        {
            if (!rest.StartsWith(bytes.AsSpan(before, between))) return false;
            var paddingEnd = EndOf(rest, between);
            if (paddingEnd < 0 || !rest[paddingEnd..].SequenceEqual(bytes.AsSpan(before + between, behind))) return false;
        }
        else if (!rest.SequenceEqual(bytes.AsSpan(before, between)))
        {
            return false;
        }
        text = data[before..end];
        return true;
    }

    private static int EndOf(ReadOnlySpan<byte> data, int start)
    {
        var length = data[start..].IndexOfAny(Special);
        return length >= 0 && data[start + length] == '"' ? start + length : -1;
    }
}
