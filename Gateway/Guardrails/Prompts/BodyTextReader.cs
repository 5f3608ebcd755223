using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>
/// Finds all texts of a body, whatever its dialect: every string that is not known to be a name, a mark or a file. What is not known is text, so that a
/// field that a provider brings tomorrow does not leave unseen.
/// </summary>
internal static class BodyTextReader
{
    // A number that could be a card or an account. Shorter ones say nothing about a person.
    private const int FewestDigits = 9;

    /// <summary>Adds the texts of one JSON value that is known to be well formed.</summary>
    /// <returns>False when a text is not valid Unicode, so that nobody can say what it says.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, int maxDepth, BodyTexts texts)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maxDepth });
        if (!reader.Read()) return true;
        var walk = new Walk { Texts = texts };
        walk.ReadValue(ref reader, new(FieldKind.Text, IsFree: false, Message: -1));
        return !walk.IsBroken;
    }

    /// <summary>Where the walk is.</summary>
    /// <param name="Field">What the field holds.</param>
    /// <param name="IsFree">Whether names of fields mean nothing: a tool is called with whatever it wants.</param>
    /// <param name="Message">The message, from 0; −1 = outside of any.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(FieldKind Field, bool IsFree, int Message);

    /// <summary>One pass over a body; as deep as the body, which was bounded when it was read first.</summary>
    private struct Walk
    {
        private int messages;

        public required BodyTexts Texts { get; init; }

        public bool IsBroken { get; private set; }

        public void ReadValue(ref Utf8JsonReader reader, Place place)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String when place.Field is not (FieldKind.Mark or FieldKind.File):
                    if (place.Field != FieldKind.Address || !reader.ValueSpan.StartsWith("data:"u8)) Add(ref reader, place);
                    break;
                case JsonTokenType.Number when place.IsFree && reader.ValueSpan.Length >= FewestDigits:
                    Add(ref reader, place);
                    break;
                case JsonTokenType.StartArray:
                    ReadArray(ref reader, place);
                    break;
                case JsonTokenType.StartObject when place.Field is FieldKind.Mark or FieldKind.File:
                    reader.Skip();
                    break;
                case JsonTokenType.StartObject:
                    ReadObject(ref reader, place with { IsFree = place.IsFree || place.Field is FieldKind.Input or FieldKind.Arguments });
                    break;
            }
        }

        private void ReadArray(ref Utf8JsonReader reader, Place place)
        {
            // Some dialects call the conversation "input", as others call what a tool gets; the former is a list at the top.
            var isConversation = place.Field is FieldKind.Messages or FieldKind.Input && !place.IsFree && place.Message < 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                ReadValue(ref reader, isConversation ? place with { Field = FieldKind.Text, Message = messages++ } : place);
        }

        private void ReadObject(ref Utf8JsonReader reader, Place place)
        {
            var first = Texts.Count;
            TextSource? source = null;
            var (isMedia, dataPart) = (false, -1);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = place.IsFree ? FieldKind.Text : FieldKinds.Of(ref reader);
                reader.Read();
                if (field is FieldKind.Role or FieldKind.Type && reader.TokenType == JsonTokenType.String)
                {
                    source = FieldKinds.SourceOf(ref reader, field) ?? source;
                    isMedia |= field == FieldKind.Type && reader.ValueTextEquals("base64"u8);
                    continue;
                }
                var before = Texts.Count;
                ReadValue(ref reader, place with { Field = field == FieldKind.Data && isMedia ? FieldKind.File : field });
                if (field == FieldKind.System) Texts.SetSource(before, TextSource.System);
                if (field == FieldKind.Data && Texts.Count > before) dataPart = before;
            }
            // The object's type may stand behind its data.
            if (isMedia && dataPart >= 0 && Texts.Count == dataPart + 1) Texts.RemoveLast();
            if (source is { } known) Texts.SetSource(first, known);
        }

        private void Add(ref Utf8JsonReader reader, Place place) => IsBroken |= !Texts.TryAdd(ref reader, place.Message, isJson: place.Field == FieldKind.Arguments);
    }
}
