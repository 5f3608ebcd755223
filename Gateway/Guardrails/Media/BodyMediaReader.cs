using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>
/// Finds the media of a body in one pass without a tree, whatever its dialect: OpenAI's chat and responses, Anthropic's blocks, Gemini's parts, results of tools. An object is told by
/// its fields and the field that it stands under, not by its place, so that a picture within a tool's result is found as one of a user's is.
/// </summary>
internal static class BodyMediaReader
{
    /// <summary>Adds the media of one JSON value that is known to be well formed.</summary>
    public static void Read(ReadOnlySpan<byte> body, int maxDepth, BodyMedia media)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maxDepth });
        if (reader.Read()) ReadValue(ref reader, MediaField.Other, media);
    }

    private static void ReadValue(ref Utf8JsonReader reader, MediaField field, BodyMedia media)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                ReadString(ref reader, field, media);
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadValue(ref reader, field, media);
                break;
            case JsonTokenType.StartObject:
                ReadObject(ref reader, field, media);
                break;
        }
    }

    // What says by itself what it is, without the fields beside it.
    private static void ReadString(ref Utf8JsonReader reader, MediaField field, BodyMedia media)
    {
        if (DataUrl.IsOne(ref reader) || field == MediaField.File) Add(ref reader, MediaEncoding.Inline, null, media);
        else if (field is MediaField.Address or MediaField.ImageAddress) Add(ref reader, MediaEncoding.Remote, null, media);
    }

    private static void ReadObject(ref Utf8JsonReader reader, MediaField under, BodyMedia media)
    {
        var fields = new ObjectFields { Under = under };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = MediaFields.Of(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !fields.TryNote(ref reader, field, media)) ReadValue(ref reader, field, media);
        }
        fields.AddTo(media);
    }

    private static void Add(ref Utf8JsonReader reader, MediaEncoding encoding, string? declared, BodyMedia media) =>
        media.Add(new((int)reader.TokenStartIndex, (int)reader.BytesConsumed, encoding, declared));
}
