using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Simulator.Composing;

/// <summary>Makes JSON that fits a schema: every property, one item per array, the first alternative.</summary>
internal static class JsonSample
{
    /// <summary>Below this depth only required properties are written, so that recursive schemas end.</summary>
    private const int RichDepth = 4;
    private const int MaxDepth = 32;

    /// <summary>JSON for a schema; without one an object with the text as its <c>answer</c>.</summary>
    public static string For(JsonElement? schema, string text)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            if (schema is { ValueKind: JsonValueKind.Object } root) Write(writer, root, root, text, 0);
            else
            {
                writer.WriteStartObject();
                writer.WriteString("answer", text);
                writer.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement schema, JsonElement root, string text, int depth)
    {
        if (depth > MaxDepth || schema.ValueKind != JsonValueKind.Object)
        {
            writer.WriteNullValue();
            return;
        }

        if (schema.TryGetProperty("const", out var constant)) constant.WriteTo(writer);
        else if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0) choices[0].WriteTo(writer);
        else if (Alternative(schema, root, depth) is { } other) Write(writer, other, root, text, depth + 1);
        else WriteType(writer, schema, root, text, depth);
    }

    private static JsonElement? Alternative(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String) return Resolve(root, reference.GetString()!);
        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (!schema.TryGetProperty(keyword, out var options) || options.ValueKind != JsonValueKind.Array || options.GetArrayLength() == 0) continue;
            // Deep inside, the plainest alternative (usually null) ends a recursion that the first one would continue.
            return depth > RichDepth ? options.EnumerateArray().MinBy(o => o.GetRawText().Length) : options[0];
        }

        return null;
    }

    private static JsonElement? Resolve(JsonElement root, string pointer)
    {
        var at = root;
        foreach (var step in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Replace("~1", "/").Replace("~0", "~"), out at)) return null;
        return at;
    }

    private static void WriteType(Utf8JsonWriter writer, JsonElement schema, JsonElement root, string text, int depth)
    {
        switch (TypeOf(schema, depth))
        {
            case "object": WriteObject(writer, schema, root, text, depth); break;
            case "array": WriteArray(writer, schema, root, text, depth); break;
            case "integer": writer.WriteNumberValue((long)NumberFor(schema, whole: true)); break;
            case "number": writer.WriteNumberValue(NumberFor(schema, whole: false)); break;
            case "boolean": writer.WriteBooleanValue(true); break;
            case "null": writer.WriteNullValue(); break;
            default: writer.WriteStringValue(StringFor(schema, text)); break;
        }
    }

    private static string TypeOf(JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            // Google writes the names of types in capitals.
            if (type.ValueKind == JsonValueKind.String) return type.GetString()!.ToLowerInvariant();
            if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
            {
                var names = type.EnumerateArray().Select(t => t.AsText() ?? "").ToList();
                return depth > RichDepth && names.Contains("null") ? "null" : names[0];
            }
        }

        if (schema.TryGetProperty("properties", out _)) return "object";
        return schema.TryGetProperty("items", out _) ? "array" : "string";
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement schema, JsonElement root, string text, int depth)
    {
        writer.WriteStartObject();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
                ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet()
                : [];
            foreach (var property in properties.EnumerateObject())
            {
                if (depth > RichDepth && !required.Contains(property.Name)) continue;
                writer.WritePropertyName(property.Name);
                Write(writer, property.Value, root, text, depth + 1);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement schema, JsonElement root, string text, int depth)
    {
        writer.WriteStartArray();
        var least = Math.Min(Count(schema, "minItems") ?? 0, 100);
        if (schema.TryGetProperty("items", out var items))
            for (var i = 0; i < Math.Max(least, depth > RichDepth ? 0 : 1); i++) Write(writer, items, root, text, depth + 1);
        writer.WriteEndArray();
    }

    /// <summary>A count; Google writes those of 64 bits as texts.</summary>
    private static int? Count(JsonElement schema, string name) =>
        schema.WholeOf(name) ?? (int.TryParse(schema.TextOf(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);

    private static decimal NumberFor(JsonElement schema, bool whole)
    {
        if (Bound(schema, "minimum") is { } minimum) return whole ? Math.Ceiling(minimum) : minimum;
        if (Bound(schema, "exclusiveMinimum") is { } above) return whole ? Math.Floor(above) + 1 : above + 0.5m;
        if (Bound(schema, "maximum") is { } maximum) return whole ? Math.Floor(Math.Min(maximum, 1)) : Math.Min(maximum, 1);
        return Bound(schema, "exclusiveMaximum") is { } below ? Math.Min(Math.Ceiling(below) - 1, 1) : 1;
    }

    private static decimal? Bound(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;

    private static string StringFor(JsonElement schema, string text)
    {
        var format = schema.TryGetProperty("format", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        var value = format switch
        {
            "date-time" => "2026-01-31T12:00:00Z",
            "date" => "2026-01-31",
            "time" => "12:00:00Z",
            "email" => "someone@example.com",
            "uri" => "https://example.com/",
            "uuid" => "00000000-0000-4000-8000-000000000001",
            _ => text,
        };
        if (Count(schema, "maxLength") is { } longest && value.Length > longest) value = value[..Math.Max(0, longest)];
        if (Count(schema, "minLength") is { } shortest) value = value.PadRight(Math.Min(shortest, 10_000), 'x');
        return value;
    }
}
