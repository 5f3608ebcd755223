using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// Reads sources of a text (Anthropic, "Citations", and those of search results). Places within a document have no neutral form; its title and the quoted
/// words have. The words of the answer that a source supports are those of its block.
/// </summary>
internal static class AnthropicCitations
{
    /// <summary>Gives the sources of an array, one event each.</summary>
    public static void Give(ReadOnlySpan<byte> citations, int part, AnswerPlace place, IReplySink sink)
    {
        var reader = new Utf8JsonReader(citations, AnthropicJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) Give(ref reader, part, place, sink);
    }

    /// <summary>Gives one source, a JSON value.</summary>
    public static void GiveOne(ReadOnlySpan<byte> citation, int part, AnswerPlace place, IReplySink sink)
    {
        if (citation is not [(byte)'{', ..]) return;
        var reader = new Utf8JsonReader(citation, AnthropicJson.Options);
        reader.Read();
        Give(ref reader, part, place, sink);
    }

    private static void Give(scoped ref Utf8JsonReader reader, int part, AnswerPlace place, IReplySink sink)
    {
        ReadOnlySpan<byte> quoted = default, address = default, title = default;
        while (AnthropicJson.NextProperty(ref reader))
        {
            var field = reader.ValueTextEquals("cited_text"u8) ? 1
                : reader.ValueTextEquals("url"u8) || reader.ValueTextEquals("source"u8) ? 2
                : reader.ValueTextEquals("title"u8) || reader.ValueTextEquals("document_title"u8) ? 3 : 0;
            reader.Read();
            var text = AnthropicJson.Text(ref reader);
            if (field == 1) quoted = text;
            else if (field == 2) address = text;
            else if (field == 3) title = text;
            reader.Skip();
        }
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Citation, Part = part, PartKind = PartKind.Text, Text = quoted, Id = address, Name = title, Place = place });
    }
}
