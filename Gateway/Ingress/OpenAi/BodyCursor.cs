using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>
/// Walks a caller's body forward, once, and hands out slices of it. It knows where it stands, so that faults and unknown fields are named by their path.
/// The first fault stays: from then on nothing is read any more and every loop ends. A value that nobody took is skipped.
/// </summary>
internal ref struct BodyCursor
{
    private const int MaxDepth = 256, MaxFrames = 16, MaxShownName = 64;

    private readonly ReadOnlyMemory<byte> body;
    private Utf8JsonReader reader;
    private ReadOnlySpan<byte> name;
    private Frames frames;
    private int depth;
    private bool isPending;

    /// <summary>Stands at the first value of a body.</summary>
    public BodyCursor(ReadOnlyMemory<byte> body)
    {
        this.body = body;
        reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        isPending = true;
    }

    /// <summary>What is wrong with the body; null = nothing so far.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>Whether the value is null.</summary>
    public readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    /// <summary>Whether the value is a string.</summary>
    public readonly bool IsString => reader.TokenType == JsonTokenType.String;

    /// <summary>Whether the value is an array.</summary>
    public readonly bool IsArray => reader.TokenType == JsonTokenType.StartArray;

    /// <summary>Whether the field has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> field) => name.SequenceEqual(field);

    /// <summary>Steps into an object; false for null, and with a fault for anything else.</summary>
    public bool EnterObject() => Enter(JsonTokenType.StartObject, "an object");

    /// <summary>Steps into an array; false for null, and with a fault for anything else.</summary>
    public bool EnterArray() => Enter(JsonTokenType.StartArray, "an array");

    /// <summary>Moves to the value of the next field of the object; false at its end.</summary>
    public bool NextField()
    {
        if (!Advance(JsonTokenType.EndObject)) return false;
        var start = (int)reader.TokenStartIndex;
        name = reader.ValueIsEscaped ? Unescaped() : reader.ValueSpan;
        if (depth <= MaxFrames) frames[depth - 1] = new Frame(start + 1, -1);
        reader.Read();
        return true;
    }

    /// <summary>Moves to the next element of the array; false at its end.</summary>
    public bool NextItem()
    {
        if (!Advance(JsonTokenType.EndArray)) return false;
        if (depth <= MaxFrames) frames[depth - 1] = frames[depth - 1] with { Index = frames[depth - 1].Index + 1 };
        return true;
    }

    /// <summary>A text; null reads as the empty one.</summary>
    public JsonText Text()
    {
        if (Fault is not null || IsNull) return default;
        if (IsString) return JsonText.FromQuoted(body[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);
        Expect("a string");
        return default;
    }

    /// <summary>A text as a word; null for null.</summary>
    public string? Word()
    {
        if (Fault is not null || IsNull) return null;
        if (IsString) return reader.GetString();
        Expect("a string");
        return null;
    }

    /// <summary>A whole number; null for null.</summary>
    public long? Integer(long min)
    {
        if (Fault is not null || IsNull) return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= min) return value;
        Expect($"a whole number of at least {min}");
        return null;
    }

    /// <summary>A whole number that fits 32 bits; null for null.</summary>
    public int? Count(int min)
    {
        var value = Integer(min);
        if (value is null or <= int.MaxValue) return (int?)value;
        Expect($"a whole number of at most {int.MaxValue}");
        return null;
    }

    /// <summary>A number; null for null.</summary>
    public double? Number()
    {
        if (Fault is not null || IsNull) return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)) return value;
        Expect("a number");
        return null;
    }

    /// <summary>True or false; null for null.</summary>
    public bool? Flag()
    {
        if (Fault is not null || IsNull) return null;
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.TokenType == JsonTokenType.True;
        Expect("true or false");
        return null;
    }

    /// <summary>A value of any kind as it stands; absent for null.</summary>
    public JsonRaw Raw()
    {
        if (Fault is not null || IsNull) return default;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        isPending = false;
        return new(body[start..(int)reader.BytesConsumed]);
    }

    /// <summary>An object as it stands; absent for null.</summary>
    public JsonRaw RawObject()
    {
        if (Fault is not null || IsNull || reader.TokenType == JsonTokenType.StartObject) return Raw();
        Expect("an object");
        return default;
    }

    /// <summary>Notes a field that has no place in the neutral request. A null says nothing, so nothing is lost with it.</summary>
    public readonly void Unmapped(ChatRequest request)
    {
        if (Fault is null && !IsNull) request.Unmapped.Add(Path());
    }

    /// <summary>Refuses the body because of the value at hand.</summary>
    /// <param name="advice">What is wrong and what to do; the path is put before it.</param>
    public void Refuse(string advice)
    {
        if (Fault is not null) return;
        var path = Path();
        Fault = Refusal.InvalidRequest($"Field '{path}' {advice}", path);
    }

    /// <summary>Where it stands, e.g. <c>messages[2].content[0].type</c>.</summary>
    public readonly string Path()
    {
        var path = new StringBuilder();
        for (var i = 0; i < Math.Min(depth, MaxFrames); i++)
        {
            var frame = frames[i];
            if (frame.Index >= 0)
            {
                path.Append('[').Append(frame.Index).Append(']');
            }
            else if (frame.Start >= 0)
            {
                if (path.Length > 0) path.Append('.');
                path.Append(Encoding.UTF8.GetString(body.Span.Slice(frame.Start, Math.Min(NameLength(frame.Start), MaxShownName))));
            }
        }
        return path.ToString();
    }

    private bool Enter(JsonTokenType start, string expected)
    {
        if (Fault is not null || IsNull) return false;
        if (reader.TokenType != start)
        {
            Expect(expected);
            return false;
        }
        isPending = false;
        depth++;
        if (depth <= MaxFrames) frames[depth - 1] = new Frame(-1, -1);
        return true;
    }

    private bool Advance(JsonTokenType end)
    {
        if (Fault is not null) return false;
        if (isPending) reader.Skip();
        isPending = true;
        reader.Read();
        if (reader.TokenType != end) return true;
        depth--;
        isPending = false;
        return false;
    }

    private void Expect(string what) => Refuse($"must be {what}.");

    private readonly int NameLength(int start)
    {
        var rest = body.Span[start..];
        var at = 0;
        while (at < rest.Length && rest[at] != '"') at += rest[at] == '\\' ? 2 : 1;
        return Math.Min(at, rest.Length);
    }

    private readonly byte[] Unescaped()
    {
        var unescaped = new byte[reader.ValueSpan.Length];
        return unescaped[..reader.CopyString(unescaped)];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Frame(int Start, int Index);

    [InlineArray(MaxFrames)]
    private struct Frames
    {
        private Frame first;
    }
}
