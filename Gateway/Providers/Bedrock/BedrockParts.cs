using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Numbers the parts of an answer and keeps their order: one is open at a time, and whatever belongs to another closes it. Used for streams, whose
/// blocks of words and thoughts begin without saying so, and for whole replies.
/// </summary>
internal struct BedrockParts
{
    private int part, block;
    private PartKind kind;
    private bool isOpen, isStarted, hasText;

    /// <summary>The answer begins. Converse tells neither an id nor the model.</summary>
    public void Start(IReplySink sink)
    {
        if (isStarted) return;
        isStarted = true;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Start });
    }

    /// <summary>A tool call begins.</summary>
    public void StartTool(IReplySink sink, int blockIndex, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        Open(sink, blockIndex, PartKind.ToolCall, id, name);
    }

    /// <summary>More text of a kind; opens the part if it is a new one. False = it belongs to a tool call that never began.</summary>
    public bool Add(IReplySink sink, int blockIndex, PartKind textKind, ReadOnlySpan<byte> text)
    {
        if (!Stands(blockIndex, textKind))
        {
            if (textKind == PartKind.ToolCall) return false;
            if (text.IsEmpty) return true;
            Open(sink, blockIndex, textKind);
        }
        if (text.IsEmpty) return true;
        hasText = true;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = part, PartKind = kind, Text = text });
        return true;
    }

    /// <summary>The proof of a thought.</summary>
    public void Sign(IReplySink sink, int blockIndex, ReadOnlySpan<byte> signature)
    {
        if (signature.IsEmpty) return;
        if (!Stands(blockIndex, PartKind.Thinking)) Open(sink, blockIndex, PartKind.Thinking);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = part, PartKind = kind, Text = signature });
    }

    /// <summary>A source of the words; the reader is in its object.</summary>
    public void Cite(IReplySink sink, int blockIndex, scoped ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> title = default, quoted = default, url = default;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("title"u8)) title = BedrockJson.Text(ref reader);
            else if (reader.ValueTextEquals("sourceContent"u8)) quoted = FirstText(ref reader);
            else if (reader.ValueTextEquals("location"u8)) url = UrlIn(ref reader);
            else BedrockJson.PassOver(ref reader);
        }
        if (!Stands(blockIndex, PartKind.Text)) Open(sink, blockIndex, PartKind.Text);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Citation, Part = part, PartKind = kind, Text = quoted, Id = url, Name = title });
    }

    /// <summary>The open part ends. A tool call without arguments gets the empty object, because its text must be one.</summary>
    public void Close(IReplySink sink)
    {
        if (!isOpen) return;
        if (kind == PartKind.ToolCall && !hasText)
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = part, PartKind = kind, Text = "{}"u8 });
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Part = part, PartKind = kind });
        isOpen = false;
        part++;
    }

    /// <summary>Closes the open part if it is of this block.</summary>
    public void CloseBlock(IReplySink sink, int blockIndex)
    {
        if (block == blockIndex) Close(sink);
    }

    private readonly bool Stands(int blockIndex, PartKind wanted) => isOpen && block == blockIndex && kind == wanted;

    private void Open(IReplySink sink, int blockIndex, PartKind newKind, ReadOnlySpan<byte> id = default, ReadOnlySpan<byte> name = default)
    {
        Start(sink);
        Close(sink);
        isOpen = true;
        hasText = false;
        block = blockIndex;
        kind = newKind;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Part = part, PartKind = kind, Id = id, Name = name });
    }

    // [{"text":"..."}, ...]
    private static ReadOnlySpan<byte> FirstText(scoped ref Utf8JsonReader reader)
    {
        if (!BedrockJson.EntersArray(ref reader)) return default;
        ReadOnlySpan<byte> found = default;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            while (BedrockJson.NextProperty(ref reader))
            {
                if (found.IsEmpty && reader.ValueTextEquals("text"u8)) found = BedrockJson.Text(ref reader);
                else BedrockJson.PassOver(ref reader);
            }
        }
        return found;
    }

    // {"web":{"url":"..."}}; places inside documents have no address.
    private static ReadOnlySpan<byte> UrlIn(scoped ref Utf8JsonReader reader)
    {
        if (!BedrockJson.EntersObject(ref reader)) return default;
        ReadOnlySpan<byte> found = default;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("web"u8)) found = BedrockJson.MemberText(ref reader, "url"u8);
            else BedrockJson.PassOver(ref reader);
        }
        return found;
    }
}
