using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>
/// Reads a request body in one forward pass: the whole is checked to be JSON, the few top-level fields that the gateway acts on are
/// found, nothing is copied. A field that it acts on may stand only once: readers differ on which one counts, and a second <c>model</c> could
/// slip past the permission check.
/// </summary>
internal static class RequestFactsReader
{
    private const int MaxUserLength = 256;

    /// <summary>Fills the facts from the body; null = it is acceptable.</summary>
    public static Refusal? Read(RequestFacts facts, Operation operation, int maxDepth)
    {
        var reader = new Utf8JsonReader(facts.Body.Span, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            return ReadRoot(ref reader, facts, operation);
        }
        catch (JsonException fault)
        {
            // The message of the exception quotes the body; position is enough to find the place.
            // The reader reports the depth of the container that it could not enter.
            return Refusal.InvalidRequest(
                reader.CurrentDepth >= maxDepth - 1
                    ? $"The body is nested deeper than {maxDepth} levels. Flatten it."
                    : $"The body is not valid JSON: it breaks off at line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1} of that line. Send one JSON object, UTF-8.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name or a text that the gateway must read.
            return Refusal.InvalidRequest("The body holds a text that is not valid Unicode. Send one JSON object, UTF-8.");
        }
    }

    private static Refusal? ReadRoot(ref Utf8JsonReader reader, RequestFacts facts, Operation operation)
    {
        if (facts.Body.IsEmpty) return Refusal.InvalidRequest("The body is empty. Send one JSON object with 'model' and '" + operation.PromptField + "'.");
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return Refusal.InvalidRequest("The body must be one JSON object.");
        facts.RootStart = (int)reader.BytesConsumed;
        facts.Operation = operation;

        var shape = default(PromptShape);
        var seen = Field.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldAt(ref reader, operation);
            if (field != Field.None && (seen & field) != Field.None)
                return Refusal.InvalidRequest($"Field '{reader.GetString()}' stands twice in the body. Send it once.", reader.GetString());
            seen |= field;
            if (field == Field.Gateway)
            {
                if (GatewayField.Read(ref reader, facts) is { } unusable) return unusable;
                continue;
            }
            if (field == Field.None && operation.Kind == OperationKind.Chat)
            {
                if (ChatFieldsReader.Read(ref reader, ref shape) is { } unclear) return unclear;
                continue;
            }
            reader.Read();
            if (ReadField(ref reader, field, facts, operation, ref shape) is { } refusal) return refusal;
        }
        facts.RootEnd = (int)reader.TokenStartIndex;
        // Anything behind the object is an error that only the next read finds.
        reader.Read();
        shape.Fill(facts);

        return (seen & Field.Prompt) == Field.None
            ? Refusal.InvalidRequest($"Field '{operation.PromptField}' is missing. {PromptAdvice(operation)}", operation.PromptField)
            : null;
    }

    private static Field FieldAt(ref Utf8JsonReader reader, Operation operation)
    {
        if (reader.ValueTextEquals("model"u8)) return Field.Model;
        if (reader.ValueTextEquals(operation.PromptFieldUtf8)) return Field.Prompt;
        for (var i = 0; i < operation.MaxTokensFieldsUtf8.Length; i++)
            if (reader.ValueTextEquals(operation.MaxTokensFieldsUtf8[i])) return i == 0 ? Field.MaxTokens : Field.OtherMaxTokens;
        if (operation.UserIsInMetadata ? reader.ValueTextEquals("metadata"u8) : reader.ValueTextEquals("user"u8)) return Field.User;
        if (operation.Kind == OperationKind.Embeddings && reader.ValueTextEquals("encoding_format"u8)) return Field.EncodingFormat;
        if (operation.Kind is OperationKind.Chat or OperationKind.CountTokens && reader.ValueTextEquals("gateway"u8)) return Field.Gateway;
        if (!operation.CanStream) return Field.None;
        if (reader.ValueTextEquals(operation.StreamsByFormat ? "stream_format"u8 : "stream"u8)) return Field.Stream;
        return operation.HasStreamUsage && reader.ValueTextEquals("stream_options"u8) ? Field.StreamOptions : Field.None;
    }

    private static Refusal? ReadField(ref Utf8JsonReader reader, Field field, RequestFacts facts, Operation operation, ref PromptShape shape)
    {
        var start = (int)reader.TokenStartIndex;
        switch (field)
        {
            case Field.Model:
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                    return Refusal.InvalidRequest("Field 'model' must be a string: a model of GET /v1/models, or 'auto'.", "model");
                facts.Model = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                facts.HasModelField = true;
                facts.ModelRange = start..(int)reader.BytesConsumed;
                return null;
            case Field.Prompt:
                return ReadPrompt(ref reader, facts, operation, start, ref shape);
            case Field.MaxTokens or Field.OtherMaxTokens:
                // A null has a place too: a cap of the gateway's comes there.
                if (field == Field.MaxTokens) facts.MaxTokensRange = start..(int)reader.BytesConsumed;
                else facts.OtherMaxTokensRange = start..(int)reader.BytesConsumed;
                if (reader.TokenType == JsonTokenType.Null) return null;
                var name = operation.MaxTokensFields[field == Field.MaxTokens ? 0 : 1];
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var tokens) || tokens < 1)
                    return Refusal.InvalidRequest($"Field '{name}' must be a whole number of at least 1.", name);
                facts.MaxOutputTokens = facts.MaxOutputTokens is { } other ? Math.Min(other, tokens) : tokens;
                return null;
            case Field.User:
                if (operation.UserIsInMetadata) ReadMetadataUser(ref reader, facts);
                else ReadUser(ref reader, facts);
                return null;
            case Field.Stream when operation.StreamsByFormat:
                facts.Stream = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("sse"u8);
                reader.Skip();
                return null;
            case Field.EncodingFormat:
                return ReadEncodingFormat(ref reader, facts, start);
            case Field.Stream:
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                    return Refusal.InvalidRequest("Field 'stream' must be true or false.", "stream");
                facts.Stream = reader.TokenType == JsonTokenType.True;
                return null;
            case Field.StreamOptions:
                return ReadStreamOptions(ref reader, facts, start);
            default:
                reader.Skip();
                return null;
        }
    }

    private static Refusal? ReadEncodingFormat(ref Utf8JsonReader reader, RequestFacts facts, int start)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8)) facts.WantsBase64 = true;
        else if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("float"u8)) facts.WantsBase64 = false;
        else if (reader.TokenType != JsonTokenType.Null) return Refusal.InvalidRequest("Field 'encoding_format' must be 'float' or 'base64'.", "encoding_format");
        facts.EncodingFormatRange = start..(int)reader.BytesConsumed;
        return null;
    }

    private static void ReadUser(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } user)
            facts.UserId = user.Length <= MaxUserLength ? user : user[..MaxUserLength];
        else reader.Skip();
    }

    private static void ReadMetadataUser(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUser = reader.ValueTextEquals("user_id"u8);
            reader.Read();
            if (isUser) ReadUser(ref reader, facts);
            else reader.Skip();
        }
    }

    private static Refusal? ReadPrompt(ref Utf8JsonReader reader, RequestFacts facts, Operation operation, int start, ref PromptShape shape)
    {
        var isText = reader.TokenType == JsonTokenType.String && operation.PromptMayBeText;
        if (!isText && (reader.TokenType != JsonTokenType.StartArray || !operation.PromptMayBeArray))
            return Refusal.InvalidRequest($"Field '{operation.PromptField}' has the wrong type. {PromptAdvice(operation)}", operation.PromptField);
        PromptShapeReader.ReadPrompt(ref reader, ref shape);
        facts.PromptBytes = (int)reader.BytesConsumed - start;
        if (!isText && shape.Messages == 0 && IsEmptyArray(facts.Body.Span[(start + 1)..((int)reader.BytesConsumed - 1)]))
            return Refusal.InvalidRequest($"Field '{operation.PromptField}' is empty. {PromptAdvice(operation)}", operation.PromptField);
        return null;
    }

    private static Refusal? ReadStreamOptions(ref Utf8JsonReader reader, RequestFacts facts, int start)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            facts.StreamOptions = StreamOptionsState.Null;
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            facts.StreamOptions = StreamOptionsState.Empty;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = reader.ValueTextEquals("include_usage"u8);
                if (facts.StreamOptions == StreamOptionsState.Empty) facts.StreamOptions = StreamOptionsState.Silent;
                reader.Read();
                if (!isUsage)
                {
                    reader.Skip();
                    continue;
                }
                if (facts.StreamOptions != StreamOptionsState.Silent)
                    return Refusal.InvalidRequest("Field 'stream_options.include_usage' stands twice in the body. Send it once.", "stream_options");
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                    return Refusal.InvalidRequest("Field 'stream_options.include_usage' must be true or false.", "stream_options");
                facts.StreamOptions = reader.TokenType == JsonTokenType.True ? StreamOptionsState.IncludesUsage : StreamOptionsState.ExcludesUsage;
                facts.IncludeUsageRange = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            }
        }
        else
        {
            return Refusal.InvalidRequest("Field 'stream_options' must be an object.", "stream_options");
        }
        facts.StreamOptionsRange = start..(int)reader.BytesConsumed;
        return null;
    }

    // An array of numbers, such as a text in tokens, holds no message but is not empty.
    private static bool IsEmptyArray(ReadOnlySpan<byte> inside) => inside.TrimStart(" \t\r\n"u8).IsEmpty;

    private static string PromptAdvice(Operation operation) =>
        !operation.PromptMayBeArray ? "Send a string."
        : operation.Kind == OperationKind.Other && !operation.PromptMayBeText ? "Send an array with at least one element."
        : operation.PromptMayBeText
            ? "Send a string, or an array with at least one element."
            : """Send an array with at least one message, e.g. [{"role":"user","content":"Hello"}].""";

    [Flags]
    private enum Field
    {
        None = 0,
        Model = 1,
        Prompt = 2,
        MaxTokens = 4,
        OtherMaxTokens = 8,
        User = 16,
        Stream = 32,
        StreamOptions = 64,
        EncodingFormat = 128,
        Gateway = 256,
    }
}
