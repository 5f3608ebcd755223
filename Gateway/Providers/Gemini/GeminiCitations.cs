using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Sources of an answer: <c>groundingMetadata</c> of searches, <c>citationMetadata</c> of what the model knows by heart.</summary>
internal static class GeminiCitations
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Gives on which source supports which words; sources that support none in particular come without words.</summary>
    public static void ReadGrounding(ReadOnlySpan<byte> json, GeminiChoice choice, IReplySink sink)
    {
        using var document = JsonDocument.Parse(json.ToArray(), Options);
        if (Items(document.RootElement, "groundingChunks"u8) is not { } chunks) return;
        var count = chunks.GetArrayLength();
        var used = new bool[count];
        if (Items(document.RootElement, "groundingSupports"u8) is { } supports)
        {
            foreach (var support in supports.EnumerateArray())
            {
                if (Items(support, "groundingChunkIndices"u8) is not { } indices) continue;
                var segment = Member(support, "segment"u8) ?? default;
                var words = Text(segment, "text"u8);
                var bytes = (Number(segment, "partIndex"u8), Number(segment, "startIndex"u8), Number(segment, "endIndex"u8));
                foreach (var entry in indices.EnumerateArray())
                {
                    if (entry.ValueKind != JsonValueKind.Number || !entry.TryGetInt32(out var index) || index < 0 || index >= count) continue;
                    used[index] = true;
                    Cite(chunks[index], words, bytes, choice, sink);
                }
            }
        }
        for (var i = 0; i < count; i++)
            if (!used[i]) Cite(chunks[i], default, default, choice, sink);
    }

    /// <summary>Gives on what the answer repeats.</summary>
    public static void ReadCitations(ReadOnlySpan<byte> json, GeminiChoice choice, IReplySink sink)
    {
        using var document = JsonDocument.Parse(json.ToArray(), Options);
        // The two APIs name them differently.
        if ((Items(document.RootElement, "citationSources"u8) ?? Items(document.RootElement, "citations"u8)) is not { } sources) return;
        foreach (var source in sources.EnumerateArray())
        {
            if (source.ValueKind != JsonValueKind.Object) continue;
            var url = Text(source, "uri"u8);
            var title = Text(source, "title"u8);
            if (!url.IsEmpty || !title.IsEmpty) choice.Cite(default, url, title, (0, Number(source, "startIndex"u8), Number(source, "endIndex"u8)), sink);
        }
    }

    private static void Cite(JsonElement chunk, ReadOnlySpan<byte> words, (int Part, int Start, int End) bytes, GeminiChoice choice, IReplySink sink)
    {
        if ((Member(chunk, "web"u8) ?? Member(chunk, "retrievedContext"u8) ?? Member(chunk, "maps"u8)) is not { } source) return;
        choice.Cite(words, Text(source, "uri"u8), Text(source, "title"u8), bytes, sink);
    }

    private static JsonElement? Items(JsonElement element, ReadOnlySpan<byte> name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } items ? items : null;

    private static JsonElement? Member(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    // A zero is left out by an API that leaves out zeros; what is none cannot be a place.
    private static int Number(JsonElement element, ReadOnlySpan<byte> name) => Member(element, name) switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) => value,
        _ => -1,
    };

    // As it stands in the body, escaped.
    private static ReadOnlySpan<byte> Text(JsonElement element, ReadOnlySpan<byte> name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? JsonMarshal.GetRawUtf8Value(text)[1..^1] : default;
}
