using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>
/// Finds the places at which a prompt's beginning ends, and a hash of each beginning: SHA-256 over whose it is and the bytes in the order in which providers read them, cut to 16
/// bytes. One pass over the body, one over the hashed bytes; nothing of the content is kept.
/// </summary>
internal ref struct PromptScan
{
    /// <summary>So many of the last turns have a place: a conversation that goes on has added two since it was last seen, an agent some more.</summary>
    public const int MostTurns = 8;

    /// <summary>Largest body that is looked at: hashing a longer one would keep its thread for too long. It holds about a million tokens.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private const int MaxDepth = 256;

    private readonly ReadOnlySpan<byte> body;
    private readonly PromptLayout layout;
    private readonly List<Piece> turns = [];
    private Piece tools, system;

    private PromptScan(ReadOnlySpan<byte> body, PromptLayout layout)
    {
        this.body = body;
        this.layout = layout;
    }

    /// <summary>The places, the shortest beginning first; none where the body is not of that layout or longer than <see cref="MostBytes"/>.</summary>
    /// <param name="body">The body, one JSON object.</param>
    /// <param name="layout">Where it has what.</param>
    /// <param name="seed">Whose beginnings they are.</param>
    public static List<PrefixPlace> Places(ReadOnlySpan<byte> body, PromptLayout layout, ReadOnlySpan<byte> seed)
    {
        if (body.Length > MostBytes) return [];
        var scan = new PromptScan(body, layout);
        try
        {
            scan.Read();
        }
        catch (JsonException)
        {
            // Whoever the body goes to says what is wrong with it.
            return [];
        }
        return scan.Hash(seed);
    }

    private void Read()
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWithin = layout.Within is { } within && reader.ValueTextEquals(within);
            var isTools = layout.Within is null && reader.ValueTextEquals(layout.Tools);
            var isSystem = layout.System is { } name && reader.ValueTextEquals(name);
            var isMessages = reader.ValueTextEquals(layout.Messages);
            reader.Read();
            if (isWithin && reader.TokenType == JsonTokenType.StartObject) ReadWithin(ref reader);
            else if (isTools) tools = ReadPiece(ref reader);
            else if (isSystem) system = ReadPiece(ref reader);
            else if (isMessages && reader.TokenType == JsonTokenType.StartArray) ReadMessages(ref reader);
            else reader.Skip();
        }
    }

    private void ReadWithin(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTools = reader.ValueTextEquals(layout.Tools);
            reader.Read();
            if (isTools) tools = ReadPiece(ref reader);
            else reader.Skip();
        }
    }

    private readonly void ReadMessages(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var last = default(Piece);
            var isSystem = false;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var (isContent, isRole) = (reader.ValueTextEquals("content"u8), reader.ValueTextEquals("role"u8));
                    reader.Read();
                    if (isContent) last = ReadPiece(ref reader);
                    else if (isRole && reader.TokenType == JsonTokenType.String) isSystem = reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8);
                    else reader.Skip();
                }
            }
            else
            {
                reader.Skip();
            }
            turns.Add(last with { Start = start, End = (int)reader.BytesConsumed, IsSystem = isSystem });
        }
    }

    // A value, and the last piece in it that can be marked.
    private static Piece ReadPiece(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.String)
        {
            var end = (int)reader.BytesConsumed;
            return new(start, end, end - start > 2 ? PrefixForm.Text : PrefixForm.None, start, end);
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return new(start, (int)reader.BytesConsumed, PrefixForm.None, 0, 0);
        }
        var last = default(Piece);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = (int)reader.TokenStartIndex;
            var form = PrefixForm.None;
            if (reader.TokenType == JsonTokenType.StartObject) form = ReadBlock(ref reader);
            else reader.Skip();
            last = new(0, 0, form, at, (int)reader.BytesConsumed);
        }
        return last with { Start = start, End = (int)reader.BytesConsumed };
    }

    // Thoughts, empty texts and tools that are loaded later take no mark (Anthropic, "Prompt caching", what cannot be cached).
    private static PrefixForm ReadBlock(ref Utf8JsonReader reader)
    {
        var form = PrefixForm.None;
        var isRefused = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            form = PrefixForm.Block;
            var (isType, isText, isDeferred) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("text"u8), reader.ValueTextEquals("defer_loading"u8));
            isRefused |= reader.ValueTextEquals("reasoningContent"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String) isRefused |= reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("redacted_thinking"u8);
            else if (isText && reader.TokenType == JsonTokenType.String) isRefused |= reader.ValueTextEquals(""u8);
            else if (isDeferred) isRefused |= reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }
        return isRefused ? PrefixForm.None : form;
    }

    private readonly List<PrefixPlace> Hash(ReadOnlySpan<byte> seed)
    {
        var places = new List<PrefixPlace>(MostTurns + 2);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(seed);
        var bytes = 0L;
        if (tools.End > 0) places.Add(PlaceAt(PrefixKind.Tools, tools, sum, ref bytes));
        if (system.End > 0) places.Add(PlaceAt(PrefixKind.System, system, sum, ref bytes));
        // Instructions that are messages end with the last of those at the beginning.
        var instructions = 0;
        while (layout.System is null && instructions < turns.Count && turns[instructions].IsSystem) instructions++;
        for (var i = 0; i < turns.Count; i++)
        {
            var isKept = i == instructions - 1 || i >= turns.Count - MostTurns;
            var kind = i < instructions ? PrefixKind.System : PrefixKind.Turn;
            if (isKept) places.Add(PlaceAt(kind, turns[i], sum, ref bytes));
            else Append(kind, turns[i], sum, ref bytes);
        }
        return places;
    }

    private readonly void Append(PrefixKind kind, in Piece piece, IncrementalHash sum, ref long bytes)
    {
        // Kinds and lengths in front, so that no two lists of pieces say the same.
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], piece.End - piece.Start);
        sum.AppendData(head);
        sum.AppendData(body[piece.Start..piece.End]);
        bytes += piece.End - piece.Start;
    }

    private readonly PrefixPlace PlaceAt(PrefixKind kind, in Piece piece, IncrementalHash sum, ref long bytes)
    {
        Append(kind, piece, sum, ref bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sum.GetCurrentHash(hash);
        return new(kind, BinaryPrimitives.ReadUInt128BigEndian(hash), bytes, piece.Form, piece.MarkStart, piece.MarkEnd);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Piece(int Start, int End, PrefixForm Form, int MarkStart, int MarkEnd)
    {
        public bool IsSystem { get; init; }
    }
}
