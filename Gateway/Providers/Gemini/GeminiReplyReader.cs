using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Reads a <c>GenerateContentResponse</c>: the whole reply, or one after the other those of a stream, each of which brings the next pieces of the answers.
/// A piece of one answer's words is read in one pass and without allocating.
/// </summary>
internal sealed class GeminiReplyReader
{
    private const int MostChoices = 128;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private readonly List<GeminiChoice> choices = [];
    private readonly GeminiCallIds ids = new();
    private ArrayBufferWriter<byte>? arguments;
    private GeminiLogprobs? logprobs;
    private bool isStarted;

    /// <summary>Why reading ended, where the provider said it.</summary>
    public ProviderFailure? Failure { get; private set; }

    /// <summary>Whether there is an answer, be it empty.</summary>
    public bool HasAnswer => choices.Count > 0;

    /// <summary>Reads one response; false when it is none, or says that there will be no answer.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, IReplySink sink)
    {
        try
        {
            return Read(json, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Ends the parts and the answers; false when one did not say why it ended, or there was none.</summary>
    public bool End(IReplySink sink)
    {
        var isWhole = choices.Count > 0;
        for (var i = 0; i < choices.Count; i++)
        {
            choices[i].Close(sink);
            if (choices[i].Finish is { } reason) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, Choice = i, FinishReason = reason });
            else isWhole = false;
        }
        return isWhole;
    }

    private bool Read(ReadOnlySpan<byte> json, IReplySink sink)
    {
        if (!isStarted) Start(json, sink);
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return Fail(GeminiFailureReader.In(json));
        ProviderFailure? blocked = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("candidates"u8))
            {
                if (!ReadCandidates(ref reader, json, sink)) return false;
            }
            else if (reader.ValueTextEquals("usageMetadata"u8))
            {
                reader.Read();
                if (GeminiUsage.Read(ref reader) is { } usage) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = usage });
            }
            else if (reader.ValueTextEquals("promptFeedback"u8))
            {
                var reason = Property(Slice(ref reader, json), "blockReason"u8);
                // Read on: what the prompt cost stands behind it.
                if (!reason.IsEmpty && choices.Count == 0) blocked ??= GeminiFinish.Blocked(reason);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                return Fail(GeminiFailureReader.In(json));
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        // Anything behind the object is an error that this read finds.
        reader.Read();
        return blocked is null || Fail(blocked);
    }

    private void Start(ReadOnlySpan<byte> json, IReplySink sink)
    {
        // They stand behind the first words.
        var id = Property(json, "responseId"u8);
        var model = Property(json, "modelVersion"u8);
        ids.Learn(id);
        isStarted = true;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Start, Id = id, Name = model });
    }

    private bool ReadCandidates(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IReplySink sink)
    {
        var isOnlyFirst = IsOnlyFirst(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return true;
        }
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType != JsonTokenType.StartObject) return false;
            var index = position;
            if (!isOnlyFirst)
            {
                // Which answer it is stands behind its words.
                var ahead = reader;
                ahead.Skip();
                index = IndexOf(json[(int)reader.TokenStartIndex..(int)ahead.BytesConsumed], position);
            }
            if (index >= MostChoices) return false;
            while (choices.Count <= index) choices.Add(new GeminiChoice(choices.Count));
            if (!ReadCandidate(ref reader, json, choices[index], sink)) return false;
        }
        return true;
    }

    private bool ReadCandidate(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, GeminiChoice choice, IReplySink sink)
    {
        ReadOnlySpan<byte> finish = default, grounding = default, citations = default;
        choice.NextResponse();
        FindLogprobs(reader, json);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8)) ReadContent(ref reader, json, choice, sink);
            else if (reader.ValueTextEquals("finishReason"u8)) finish = Text(ref reader);
            else if (reader.ValueTextEquals("groundingMetadata"u8)) grounding = Slice(ref reader, json);
            else if (reader.ValueTextEquals("citationMetadata"u8)) citations = Slice(ref reader, json);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        // Those of a piece without words, e.g. the last, belong to the words before.
        if (logprobs is { Elements.IsEmpty: false } && choice.HasOpenWords) choice.Append(PartKind.Text, default, sink, TakeLogprobs());
        if (!grounding.IsEmpty) GeminiCitations.ReadGrounding(grounding, choice, sink);
        if (!citations.IsEmpty) GeminiCitations.ReadCitations(citations, choice, sink);
        if (finish.IsEmpty) return true;
        if (GeminiFinish.IsBroken(finish)) return Fail(GeminiFinish.Broken(finish));
        choice.Finish = GeminiFinish.Of(finish, choice.HasToolCalls);
        return true;
    }

    private void ReadContent(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, GeminiChoice choice, IReplySink sink)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParts = reader.ValueTextEquals("parts"u8);
            reader.Read();
            if (!isParts || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }
            for (var number = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; number++)
            {
                choice.NotePart(number);
                if (reader.TokenType == JsonTokenType.StartObject) ReadPart(ref reader, json, choice, sink);
                else reader.Skip();
            }
        }
    }

    private void ReadPart(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, GeminiChoice choice, IReplySink sink)
    {
        ReadOnlySpan<byte> text = default, signature = default, call = default, other = default;
        var isThought = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) text = Text(ref reader);
            else if (reader.ValueTextEquals("thoughtSignature"u8)) signature = Text(ref reader);
            else if (reader.ValueTextEquals("functionCall"u8)) call = Slice(ref reader, json);
            else if (reader.ValueTextEquals("thought"u8))
            {
                reader.Read();
                isThought = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (GeminiMediaReader.IsMedium(ref reader))
            {
                var start = (int)reader.TokenStartIndex;
                reader.Read();
                reader.Skip();
                other = json[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (!call.IsEmpty)
        {
            CallTool(call, signature, json, choice, sink);
            return;
        }
        var kind = isThought ? PartKind.Thinking : PartKind.Text;
        if (!text.IsEmpty) choice.Append(kind, text, sink, kind == PartKind.Text ? TakeLogprobs() : default);
        if (!other.IsEmpty) GeminiMediaReader.Read(other, kind, choice, sink);
        if (!signature.IsEmpty) choice.Sign(kind, signature, sink);
    }

    private void CallTool(ReadOnlySpan<byte> call, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> json, GeminiChoice choice, IReplySink sink)
    {
        ReadOnlySpan<byte> id = default, name = default, args = default;
        var reader = new Utf8JsonReader(call, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8)) id = Text(ref reader);
            else if (reader.ValueTextEquals("name"u8)) name = Text(ref reader);
            else if (reader.ValueTextEquals("args"u8)) args = Slice(ref reader, call);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        arguments ??= new(256);
        arguments.ResetWrittenCount();
        GeminiArguments.WriteAsText(args.IsEmpty || args[0] != '{' ? "{}"u8 : args, arguments);
        choice.CallTool(id.IsEmpty ? ids.Next(json) : id, name, arguments.WrittenSpan, signature, sink);
    }

    /// <summary>Log probabilities stand behind the words that they belong to, so they are looked for first. Almost no response has any.</summary>
    private void FindLogprobs(Utf8JsonReader candidate, ReadOnlySpan<byte> json)
    {
        logprobs?.Clear();
        if (json.IndexOf("\"logprobsResult\""u8) < 0) return;
        while (candidate.Read() && candidate.TokenType == JsonTokenType.PropertyName)
        {
            if (candidate.ValueTextEquals("logprobsResult"u8))
            {
                (logprobs ??= new()).Read(Slice(ref candidate, json));
            }
            else
            {
                candidate.Read();
                candidate.Skip();
            }
        }
    }

    /// <summary>The log probabilities that no words had yet.</summary>
    private ReadOnlySpan<byte> TakeLogprobs() => logprobs is null ? default : logprobs.Take();

    /// <summary>Whether the candidates are the first one alone: no index at all, or one and that is 0. Anything else is looked at closely.</summary>
    private static bool IsOnlyFirst(ReadOnlySpan<byte> json)
    {
        var key = "\"index\""u8;
        var at = json.IndexOf(key);
        if (at < 0) return true;
        var rest = json[(at + key.Length)..];
        if (rest.IndexOf(key) >= 0) return false;
        rest = rest.TrimStart(": \t\r\n"u8);
        return rest.Length > 1 && rest[0] == '0' && rest[1] is (byte)',' or (byte)'}' or (byte)' ' or (byte)'\n' or (byte)'\r';
    }

    private static int IndexOf(ReadOnlySpan<byte> candidate, int position)
    {
        var reader = new Utf8JsonReader(candidate, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIndex = reader.ValueTextEquals("index"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0) return index;
            reader.Skip();
        }
        // The first one's index is left out by an API that leaves out zeros.
        return position == 0 ? 0 : position;
    }

    /// <summary>A string property at the top level of an object, escaped; empty = not there.</summary>
    private static ReadOnlySpan<byte> Property(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name)) return Text(ref reader);
            reader.Read();
            reader.Skip();
        }
        return default;
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan;
        reader.Skip();
        return default;
    }

    private static ReadOnlySpan<byte> Slice(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private bool Fail(ProviderFailure? failure)
    {
        Failure = failure;
        return false;
    }
}
