using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AspireGateway.Simulator.Composing;

/// <summary>How JSON is read and written, whatever the protocol.</summary>
internal static class WireJson
{
    /// <summary>The providers send UTF-8 text unescaped.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    public static void WriteObject(IBufferWriter<byte> into, Action<Utf8JsonWriter> members)
    {
        using var writer = new Utf8JsonWriter(into, Options);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes one event of a stream of server-sent events, its data one object.</summary>
    public static void WriteEvent(IBufferWriter<byte> into, string? name, Action<Utf8JsonWriter> members)
    {
        if (name is not null) into.Write(System.Text.Encoding.UTF8.GetBytes($"event: {name}\n"));
        into.Write("data: "u8);
        WriteObject(into, members);
        into.Write("\n\n"u8);
    }

    /// <summary>The member's value, or an undefined one; null counts as absent.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    /// <summary>True when the member is there and not null.</summary>
    public static bool Has(this JsonElement element, string name) => element.Get(name).ValueKind != JsonValueKind.Undefined;

    /// <summary>The member's text, or null when it is none.</summary>
    public static string? TextOf(this JsonElement element, string name) => element.Get(name).AsText();

    /// <summary>The text, or null when it is none.</summary>
    public static string? AsText(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>The whole number, or null when it is none.</summary>
    public static int? AsWhole(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : null;

    /// <summary>The member's whole number, or null when it is none.</summary>
    public static int? WholeOf(this JsonElement element, string name) => element.Get(name).AsWhole();

    /// <summary>The member's number, or null when it is none.</summary>
    public static double? NumberOf(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <summary>True when the member is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement element, string name) => element.Get(name).ValueKind == JsonValueKind.True;

    /// <summary>The member's items; none when it is no array.</summary>
    public static IEnumerable<JsonElement> ItemsOf(this JsonElement element, string name) => element.Get(name).Items();

    /// <summary>The items; none when this is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The members; none when this is no object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element) => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    /// <summary>The texts among the member's items, or its only text.</summary>
    public static string[] TextsOf(this JsonElement element, string name) =>
        element.TextOf(name) is { } single ? [single] : [.. element.ItemsOf(name).Select(AsText).OfType<string>()];

    /// <summary>True for base64 that decodes to at least one byte.</summary>
    public static bool IsBase64(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.TryGetBytesFromBase64(out var bytes) && bytes.Length > 0;

    /// <summary>Writes a text member when there is one.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }
}
