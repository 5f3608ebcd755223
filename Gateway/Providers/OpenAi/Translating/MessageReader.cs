using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>
/// Reads the model's message, whole or a piece of a stream: both have the same fields. The order of the parts is fixed, not that of the fields: thoughts,
/// words, refusal, tool calls.
/// </summary>
internal ref struct MessageReader
{
    private ReadOnlySpan<byte> words, thoughts, refusal;
    private Utf8JsonReader content, details, annotations, calls, legacyCall;
    private bool hasContent, hasDetails, hasAnnotations, hasCalls, hasLegacyCall;

    /// <summary>Where the one text that the message consists of begins, behind its quote; 0 = it holds more than one, or none.</summary>
    public int OnlyTextStart { get; private set; }

    /// <summary>What that text is.</summary>
    public PartKind OnlyTextKind { get; private set; }

    /// <summary>The tool call that it belongs to.</summary>
    public int OnlyTextTool { get; private set; }

    private int texts;

    /// <summary>Reads the object that the reader stands at and gives its parts to the choice.</summary>
    /// <param name="reader">Stands at the message.</param>
    /// <param name="choice">Whose message it is.</param>
    /// <param name="sink">Where the parts go.</param>
    /// <param name="logprobs">What stood beside the message; null = nothing.</param>
    public void Read(ref Utf8JsonReader reader, ChoiceParts choice, IReplySink sink, ChatLogprobs? logprobs = null)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadField(ref reader);

        if (!thoughts.IsEmpty) choice.HasPlainThoughts = true;
        choice.Words(PartKind.Thinking, thoughts, sink);
        if (hasDetails) ReadDetails(choice, sink);
        choice.Words(PartKind.Text, words, sink, hasContent || logprobs is null ? default : logprobs.OfContent);
        if (hasContent)
        {
            ReadPieces(ref content, choice, sink, PartKind.Text);
            if (logprobs is not null) choice.Words(PartKind.Text, default, sink, logprobs.OfContent);
        }
        if (hasAnnotations) ReadAnnotations(choice, sink);
        choice.Words(PartKind.Refusal, refusal, sink, logprobs is null ? default : logprobs.OfRefusal);
        if (hasCalls) ReadCalls(choice, sink);
        if (hasLegacyCall) ReadCall(ref legacyCall, choice, sink, isLegacy: true);
        if (texts != 1) OnlyTextStart = 0;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                content = reader;
                hasContent = true;
                texts += 2;
            }
            else words = Text(ref reader, PartKind.Text);
        }
        else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8))
        {
            reader.Read();
            var text = Text(ref reader, PartKind.Thinking);
            // Vendors in between two names send both.
            if (thoughts.IsEmpty) thoughts = text;
        }
        else if (reader.ValueTextEquals("refusal"u8))
        {
            reader.Read();
            refusal = Text(ref reader, PartKind.Refusal);
        }
        else if (reader.ValueTextEquals("tool_calls"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                calls = reader;
                hasCalls = true;
            }
        }
        else if (reader.ValueTextEquals("reasoning_details"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                details = reader;
                hasDetails = true;
                texts += 2;
            }
        }
        else if (reader.ValueTextEquals("annotations"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                annotations = reader;
                hasAnnotations = true;
                texts += 2;
            }
        }
        else if (reader.ValueTextEquals("function_call"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                legacyCall = reader;
                hasLegacyCall = true;
                texts += 2;
            }
        }
        else
        {
            reader.Read();
        }
        reader.Skip();
    }

    private ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader, PartKind kind)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty) return default;
        Note(ref reader, kind, 0);
        return reader.ValueSpan;
    }

    private void Note(scoped ref Utf8JsonReader reader, PartKind kind, int tool)
    {
        texts++;
        OnlyTextStart = (int)reader.TokenStartIndex + 1;
        OnlyTextKind = kind;
        OnlyTextTool = tool;
    }

    /// <summary>Mistral's content in pieces: words, and thoughts that hold words again.</summary>
    private static void ReadPieces(ref Utf8JsonReader at, ChoiceParts choice, IReplySink sink, PartKind kind)
    {
        while (at.Read() && at.TokenType != JsonTokenType.EndArray)
        {
            if (at.TokenType != JsonTokenType.StartObject)
            {
                at.Skip();
                continue;
            }
            while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
            {
                var isText = at.ValueTextEquals("text"u8);
                var isThinking = at.ValueTextEquals("thinking"u8);
                at.Read();
                if (isText && at.TokenType == JsonTokenType.String) choice.Words(kind, at.ValueSpan, sink);
                else if (isThinking && at.TokenType == JsonTokenType.String) choice.Words(PartKind.Thinking, at.ValueSpan, sink);
                else if (isThinking && at.TokenType == JsonTokenType.StartArray && kind == PartKind.Text) ReadPieces(ref at, choice, sink, PartKind.Thinking);
                else at.Skip();
            }
        }
    }

    private void ReadDetails(ChoiceParts choice, IReplySink sink)
    {
        while (details.Read() && details.TokenType != JsonTokenType.EndArray)
        {
            if (details.TokenType != JsonTokenType.StartObject)
            {
                details.Skip();
                continue;
            }
            ReadOnlySpan<byte> text = default, signature = default, data = default;
            while (details.Read() && details.TokenType == JsonTokenType.PropertyName)
            {
                var isText = details.ValueTextEquals("text"u8) || details.ValueTextEquals("summary"u8);
                var isSignature = details.ValueTextEquals("signature"u8);
                var isData = details.ValueTextEquals("data"u8);
                details.Read();
                var value = details.TokenType == JsonTokenType.String ? details.ValueSpan : default;
                if (isText) text = value;
                else if (isSignature) signature = value;
                else if (isData) data = value;
                details.Skip();
            }
            if (!choice.HasPlainThoughts) choice.Words(PartKind.Thinking, text, sink);
            choice.Signature(signature, sink);
            choice.Encrypted(data, sink);
        }
    }

    private void ReadAnnotations(ChoiceParts choice, IReplySink sink)
    {
        while (annotations.Read() && annotations.TokenType != JsonTokenType.EndArray)
        {
            if (annotations.TokenType != JsonTokenType.StartObject)
            {
                annotations.Skip();
                continue;
            }
            ReadOnlySpan<byte> url = default, title = default;
            var (start, end) = (0, 0);
            while (annotations.Read() && annotations.TokenType == JsonTokenType.PropertyName)
            {
                var isCitation = annotations.ValueTextEquals("url_citation"u8);
                annotations.Read();
                if (!isCitation || annotations.TokenType != JsonTokenType.StartObject)
                {
                    annotations.Skip();
                    continue;
                }
                while (annotations.Read() && annotations.TokenType == JsonTokenType.PropertyName)
                {
                    var isUrl = annotations.ValueTextEquals("url"u8);
                    var isTitle = annotations.ValueTextEquals("title"u8);
                    var isStart = annotations.ValueTextEquals("start_index"u8);
                    var isEnd = annotations.ValueTextEquals("end_index"u8);
                    annotations.Read();
                    if (isUrl && annotations.TokenType == JsonTokenType.String) url = annotations.ValueSpan;
                    else if (isTitle && annotations.TokenType == JsonTokenType.String) title = annotations.ValueSpan;
                    else if (isStart && annotations.TokenType == JsonTokenType.Number && !annotations.TryGetInt32(out start)) start = -1;
                    else if (isEnd && annotations.TokenType == JsonTokenType.Number && !annotations.TryGetInt32(out end)) end = -1;
                    annotations.Skip();
                }
            }
            if (!url.IsEmpty) choice.Citation(url, title, AnswerPlace.Of(start, end), sink);
        }
    }

    private void ReadCalls(ChoiceParts choice, IReplySink sink)
    {
        while (calls.Read() && calls.TokenType != JsonTokenType.EndArray)
        {
            if (calls.TokenType == JsonTokenType.StartObject) ReadCall(ref calls, choice, sink, isLegacy: false);
            else calls.Skip();
        }
    }

    private void ReadCall(ref Utf8JsonReader at, ChoiceParts choice, IReplySink sink, bool isLegacy)
    {
        int? index = isLegacy ? 0 : null;
        ReadOnlySpan<byte> id = default, name = default, arguments = default, signature = default;
        while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
        {
            if (at.ValueTextEquals("index"u8))
            {
                at.Read();
                if (at.TokenType == JsonTokenType.Number && at.TryGetInt32(out var number)) index = number;
                at.Skip();
            }
            else if (at.ValueTextEquals("id"u8))
            {
                id = NextText(ref at);
            }
            else if (isLegacy && at.ValueTextEquals("name"u8))
            {
                name = NextText(ref at);
            }
            else if (isLegacy && at.ValueTextEquals("arguments"u8))
            {
                arguments = NextText(ref at);
            }
            else if (at.ValueTextEquals("function"u8))
            {
                at.Read();
                if (at.TokenType == JsonTokenType.StartObject) ReadFunction(ref at, ref name, ref arguments);
                at.Skip();
            }
            else if (at.ValueTextEquals("extra_content"u8))
            {
                at.Read();
                signature = SignatureIn(ref at);
            }
            else
            {
                at.Read();
                at.Skip();
            }
        }
        if (isLegacy && name.IsEmpty && arguments.IsEmpty) return;
        // The legacy form has no ids; whoever answers the call needs one.
        if (isLegacy && !name.IsEmpty) id = "call_0"u8;
        if (!id.IsEmpty || !name.IsEmpty || !signature.IsEmpty) texts += 2;
        choice.ToolCall(index, id, name, arguments, signature, sink);
        OnlyTextTool = choice.Find(index, id);
    }

    private void ReadFunction(ref Utf8JsonReader at, ref ReadOnlySpan<byte> name, ref ReadOnlySpan<byte> arguments)
    {
        while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
        {
            var isName = at.ValueTextEquals("name"u8);
            var isArguments = at.ValueTextEquals("arguments"u8);
            at.Read();
            if (at.TokenType == JsonTokenType.String)
            {
                if (isName) name = at.ValueSpan;
                else if (isArguments && !at.ValueSpan.IsEmpty)
                {
                    arguments = at.ValueSpan;
                    Note(ref at, PartKind.ToolCall, 0);
                }
            }
            at.Skip();
        }
    }

    private static ReadOnlySpan<byte> SignatureIn(scoped ref Utf8JsonReader at)
    {
        ReadOnlySpan<byte> signature = default;
        if (at.TokenType == JsonTokenType.StartObject)
        {
            var depth = at.CurrentDepth;
            while (at.Read() && !(at.TokenType == JsonTokenType.EndObject && at.CurrentDepth == depth))
            {
                if (at.TokenType == JsonTokenType.PropertyName && at.ValueTextEquals("thought_signature"u8)) signature = NextText(ref at);
            }
        }
        return signature;
    }

    private static ReadOnlySpan<byte> NextText(scoped ref Utf8JsonReader at)
    {
        at.Read();
        var text = at.TokenType == JsonTokenType.String ? at.ValueSpan : default;
        at.Skip();
        return text;
    }
}
