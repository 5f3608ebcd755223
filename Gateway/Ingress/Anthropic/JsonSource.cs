using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>The body that a document was parsed from, to keep slices of it instead of copies.</summary>
/// <param name="body">The bytes that the document was parsed from, and no copy of them.</param>
internal readonly struct JsonSource(ReadOnlyMemory<byte> body)
{
    /// <summary>The value as it stands in the body.</summary>
    public JsonRaw Raw(JsonElement element) => new(Slice(element));

    /// <summary>The string as it stands in the body; the empty text for any other kind of value.</summary>
    public JsonText Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? JsonText.FromQuoted(Slice(element)) : default;

    private ReadOnlyMemory<byte> Slice(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return body.Span.Overlaps(raw, out var offset) ? body.Slice(offset, raw.Length) : raw.ToArray();
    }
}
