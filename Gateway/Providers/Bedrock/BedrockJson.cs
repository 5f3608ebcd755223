using System.Text.Json;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Small steps of a reader over the provider's JSON, which may hold anything.</summary>
internal static class BedrockJson
{
    /// <summary>Deep enough for every reply, and a bound for hostile ones.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Goes to the value of the property that the reader stands at; its text between the quotes, still escaped, or nothing where it is no text.</summary>
    public static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan;
        reader.Skip();
        return default;
    }

    /// <summary>Goes to the value of the property that the reader stands at; a number from 0, or -1.</summary>
    public static int Index(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0) return index;
        reader.Skip();
        return -1;
    }

    /// <summary>Goes to the value of the property that the reader stands at; false (and past it) where it is no object.</summary>
    public static bool EntersObject(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
    }

    /// <summary>Goes to the value of the property that the reader stands at; false (and past it) where it is no array.</summary>
    public static bool EntersArray(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray) return true;
        reader.Skip();
        return false;
    }

    /// <summary>Goes to the next property of the object that the reader is in; false = that was the last.</summary>
    public static bool NextProperty(scoped ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Passes over the value of the property that the reader stands at.</summary>
    public static void PassOver(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>The text of the member <c>name</c> of the object that is the value of the property at which the reader stands.</summary>
    public static ReadOnlySpan<byte> MemberText(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!EntersObject(ref reader)) return default;
        ReadOnlySpan<byte> found = default;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(name)) found = Text(ref reader);
            else PassOver(ref reader);
        }
        return found;
    }
}
