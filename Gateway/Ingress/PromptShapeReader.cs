using System.Runtime.InteropServices;
using System.Text.Json;

namespace AspireGateway.Gateway.Ingress;

/// <summary>
/// Counts what bounds of a prompt's cost need, while the one pass over the body goes through the prompt. In doubt it counts too much: what is not known to be
/// media is text, and whatever has no size of its own makes the size of the whole unknown. Names are compared as they are meant, escapes resolved.
/// </summary>
internal static class PromptShapeReader
{
    /// <summary>Goes through the messages, items or texts that the reader stands at the start of, and leaves it at their end.</summary>
    public static void ReadPrompt(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            shape.Messages++;
            return;
        }
        var depth = reader.CurrentDepth;
        var state = default(Media);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    ReadPromptField(ref reader, ref shape, ref state);
                    // A value that is a container is gone through by this loop; it begins no message, being deeper.
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.String when reader.CurrentDepth == depth + 1:
                    shape.Messages++;
                    break;
                case JsonTokenType.EndObject:
                    state.Close(reader.CurrentDepth + 1, ref shape);
                    break;
                case JsonTokenType.EndArray when reader.CurrentDepth == depth:
                    return;
            }
        }
    }

    /// <summary>Counts the tools of the array that the reader stands at, and leaves it at its end.</summary>
    public static void ReadTools(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        var depth = reader.CurrentDepth;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when reader.CurrentDepth == depth + 1:
                    shape.Tools++;
                    break;
                case JsonTokenType.PropertyName:
                    var name = PromptWords.NameAt(ref reader);
                    if (name == PromptWord.Type && reader.CurrentDepth == depth + 2) ReadToolType(ref reader, ref shape);
                    else ReadMarker(ref reader, name, ref shape);
                    break;
                case JsonTokenType.EndArray when reader.CurrentDepth == depth:
                    return;
            }
        }
    }

    /// <summary>Looks for cache markers in the value that the reader stands at, and leaves it at its end.</summary>
    public static void ReadMarkers(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName) ReadMarker(ref reader, PromptWords.NameAt(ref reader), ref shape);
        }
    }

    private static void ReadPromptField(ref Utf8JsonReader reader, ref PromptShape shape, ref Media state)
    {
        var name = PromptWords.NameAt(ref reader);
        if (name == PromptWord.Other) return;
        switch (name)
        {
            case PromptWord.Type:
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) NoteKind(PromptWords.KindAt(ref reader), reader.CurrentDepth, ref shape, ref state);
                return;
            case PromptWord.Data:
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) state.NoteData(reader.CurrentDepth, reader.ValueSpan.Length);
                return;
            case PromptWord.Url:
                reader.Read();
                ReadAddress(ref reader, ref shape);
                return;
            case PromptWord.Input:
                reader.Read();
                reader.Skip();
                return;
            case PromptWord.ImageUrl:
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null) shape.ImageSources++;
                ReadAddress(ref reader, ref shape);
                return;
            case PromptWord.InputAudio:
                reader.Read();
                shape.Recordings++;
                if (reader.TokenType == JsonTokenType.StartObject) state.NoteRecording(reader.CurrentDepth + 1);
                return;
            case PromptWord.FileData:
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) shape.MediaBytes += reader.ValueSpan.Length;
                shape.HasUnknownInput |= reader.TokenType != JsonTokenType.Null;
                return;
            case PromptWord.Unsized:
                reader.Read();
                shape.HasUnknownInput |= reader.TokenType != JsonTokenType.Null;
                return;
            default:
                ReadMarker(ref reader, name, ref shape);
                return;
        }
    }

    private static void NoteKind(PromptWord kind, int depth, ref PromptShape shape, ref Media state)
    {
        if (kind == PromptWord.Image) shape.ImageParts++;
        else if (kind == PromptWord.Base64) state.NoteBase64(depth);
        else if (kind == PromptWord.Unsized) shape.HasUnknownInput = true;
    }

    private static void ReadAddress(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.ValueSpan.StartsWith("data:"u8)) return;
        shape.MediaBytes += reader.ValueSpan.Length;
        shape.HasUnknownInput |= !reader.ValueSpan.StartsWith("data:image"u8);
    }

    private static void ReadMarker(ref Utf8JsonReader reader, PromptWord name, ref PromptShape shape)
    {
        if (name == PromptWord.CacheControl)
        {
            reader.Read();
            shape.HasCacheMarker |= reader.TokenType != JsonTokenType.Null;
        }
        else if (name == PromptWord.Ttl)
        {
            reader.Read();
            shape.HasLongCache |= reader.TokenType == JsonTokenType.String && !reader.ValueTextEquals("5m"u8);
        }
    }

    private static void ReadToolType(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("custom"u8)) return;
        // One whose name has escapes counts as what costs more.
        var kind = reader.ValueSpan;
        var callerRunsIt = kind.StartsWith("bash_"u8) || kind.StartsWith("text_editor_"u8) || kind.StartsWith("computer"u8) || kind.StartsWith("memory_"u8)
            || kind.SequenceEqual("local_shell"u8) || kind.SequenceEqual("apply_patch"u8);
        if (callerRunsIt) shape.BuiltInTools++;
        else shape.ServerTools++;
    }

    /// <summary>Which string of the object that is being read is media: its type may stand before or behind its data.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Media
    {
        private int dataDepth, base64Depth, recordingDepth, bytes;

        public void NoteData(int depth, int length) => (dataDepth, bytes) = (depth, length);

        public void NoteBase64(int depth) => base64Depth = depth;

        public void NoteRecording(int depth) => recordingDepth = depth;

        public void Close(int depth, ref PromptShape shape)
        {
            if (dataDepth == depth)
            {
                if (recordingDepth == depth)
                {
                    shape.MediaBytes += bytes;
                    shape.RecordingBytes += bytes;
                }
                else if (base64Depth == depth)
                {
                    shape.MediaBytes += bytes;
                    shape.ImageSources++;
                }
                dataDepth = 0;
            }
            if (base64Depth == depth) base64Depth = 0;
            if (recordingDepth == depth) recordingDepth = 0;
        }
    }
}
