using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>The decoded texts of a body, one behind the other. The parts of one message are neighbours, so what is split over them can be seen whole.</summary>
internal sealed class BodyTexts : IDisposable
{
    // What a thread may keep for its next request.
    private const int MaxKept = 64 * 1024;

    private readonly List<TextPart> parts = [];
    private char[] characters = [];
    private int length;

    /// <summary>Its parts, in the order of the body.</summary>
    public ReadOnlySpan<TextPart> Parts => CollectionsMarshal.AsSpan(parts);

    /// <summary>How many.</summary>
    public int Count => parts.Count;

    /// <summary>All texts, without anything between them.</summary>
    public ReadOnlySpan<char> All => characters.AsSpan(0, length);

    /// <summary>The text of a part.</summary>
    public ReadOnlySpan<char> TextOf(in TextPart part) => characters.AsSpan(part.Start, part.Length);

    /// <summary>Adds the value that a reader stands at: a string, or a number as it is written.</summary>
    /// <returns>False when it is a string whose escapes make no valid Unicode.</returns>
    public bool TryAdd(ref Utf8JsonReader reader, int message, bool isJson = false)
    {
        var most = reader.ValueSpan.Length;
        Reserve(most);
        int added;
        if (reader.TokenType != JsonTokenType.String)
        {
            added = Encoding.UTF8.GetChars(reader.ValueSpan, characters.AsSpan(length));
        }
        else
        {
            try
            {
                added = reader.CopyString(characters.AsSpan(length));
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
        parts.Add(new((int)reader.TokenStartIndex, (int)reader.BytesConsumed, length, added, message) { IsJson = isJson });
        length += added;
        return true;
    }

    /// <summary>Adds a text that stands in the body as it is.</summary>
    public void AddPlain(ReadOnlySpan<byte> body, Range place)
    {
        var value = body[place];
        Reserve(Encoding.UTF8.GetMaxCharCount(value.Length));
        var added = Encoding.UTF8.GetChars(value, characters.AsSpan(length));
        var (start, bytes) = place.GetOffsetAndLength(body.Length);
        parts.Add(new(start, start + bytes, length, added, -1) { IsPlain = true });
        length += added;
    }

    /// <summary>Says who wrote the parts from one on, where nothing nearer to them has said so.</summary>
    public void SetSource(int fromPart, TextSource source)
    {
        for (var i = fromPart; i < parts.Count; i++)
            if (parts[i].Told is null) parts[i] = parts[i] with { Told = source };
    }

    /// <summary>Takes the last part out again.</summary>
    public void RemoveLast()
    {
        length = parts[^1].Start;
        parts.RemoveAt(parts.Count - 1);
    }

    /// <summary>Forgets all texts, and gives a large buffer back. It held somebody's words, so it is wiped.</summary>
    public void Clear()
    {
        characters.AsSpan(0, length).Clear();
        length = 0;
        parts.Clear();
        if (characters.Length <= MaxKept) return;
        ArrayPool<char>.Shared.Return(characters);
        characters = [];
    }

    /// <summary>Gives the buffer back, wiped.</summary>
    public void Dispose()
    {
        Clear();
        if (characters.Length == 0) return;
        ArrayPool<char>.Shared.Return(characters);
        characters = [];
    }

    private void Reserve(int more)
    {
        if (characters.Length - length >= more) return;
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(4096, Math.Max(length + more, characters.Length * 2)));
        characters.AsSpan(0, length).CopyTo(larger);
        characters.AsSpan(0, length).Clear();
        if (characters.Length > 0) ArrayPool<char>.Shared.Return(characters);
        characters = larger;
    }
}
