using System.Text;
using System.Text.Json;
using AspireGateway.Portal.Benchmarks.Metrics;
using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Portal.Benchmarks.Sets;

/// <summary>Reads samples from JSONL, one JSON object a line; blank lines are passed over. What is wrong is said by line, never with the line's content.</summary>
public static class SampleReader
{
    /// <summary>Most bytes of a set.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Most samples of a set.</summary>
    public const int MaxSamples = 2_000;

    private const int MaxLineBytes = 64 << 10, MaxMessages = 50, MaxExpected = 50, MaxRubric = 4_000, MaxFaults = 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 48 };

    /// <summary>Reads them all.</summary>
    /// <returns>The samples, and the faults by line; at most 20 of those.</returns>
    public static (IReadOnlyList<BenchmarkSample> Samples, IReadOnlyList<string> Faults) Read(string? lines)
    {
        var samples = new List<BenchmarkSample>();
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(lines)) return ([], ["There is no sample. Each line is one JSON object such as {\"prompt\": \"2 + 2?\", \"expected\": \"4\"}."]);
        if (Encoding.UTF8.GetByteCount(lines) > MaxBytes) return ([], [$"The samples are larger than {MaxBytes >> 20} MiB. Split them into several sets."]);
        var number = 0;
        foreach (var raw in lines.AsSpan().EnumerateLines())
        {
            number++;
            if (raw.IsWhiteSpace()) continue;
            if (faults.Count == MaxFaults) break;
            if (samples.Count + faults.Count == MaxSamples)
            {
                faults.Add($"line {number}: a set holds at most {MaxSamples} samples. Leave the rest out, or make another set.");
                break;
            }
            try
            {
                samples.Add(ReadLine(number, raw));
            }
            catch (LineFault fault)
            {
                faults.Add($"line {number}: {fault.Message}");
            }
        }
        return (samples, faults);
    }

    /// <summary>Metrics that every sample can be judged by.</summary>
    public static string[] MetricsOf(IReadOnlyList<BenchmarkSample> samples) => [.. BenchmarkMetrics.All.Where(m => samples.All(s => s.Serves(m)))];

    private static BenchmarkSample ReadLine(int number, ReadOnlySpan<char> line)
    {
        if (Encoding.UTF8.GetByteCount(line) > MaxLineBytes) throw new LineFault($"it is longer than {MaxLineBytes >> 10} KiB.");
        using var document = Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new LineFault("it is no JSON object.");
        string? messages = null, rubric = null;
        List<string> expected = [];
        JsonSchema? schema = null;
        var asked = 0;
        foreach (var field in document.RootElement.EnumerateObject())
        {
            switch (field.Name)
            {
                case "prompt":
                    messages = JsonText.Write(json =>
                    {
                        json.WriteStartArray();
                        json.WriteStartObject();
                        json.WriteString("role"u8, "user"u8);
                        json.WriteString("content"u8, Text(field, MaxLineBytes));
                        json.WriteEndObject();
                        json.WriteEndArray();
                    });
                    asked++;
                    break;
                case "messages":
                    messages = ReadMessages(field.Value);
                    asked++;
                    break;
                case "expected": expected = ReadExpected(field); break;
                case "schema": schema = ReadSchema(field.Value); break;
                case "rubric": rubric = Text(field, MaxRubric); break;
                default: throw new LineFault($"it has a field that is none of prompt, messages, expected, schema, rubric{Named(field.Name)}.");
            }
        }
        if (asked != 1) throw new LineFault(asked == 0 ? "it asks nothing. Give it a prompt or messages." : "it has both prompt and messages. Leave one out.");
        if (expected.Count == 0 && schema is null && rubric is null) throw new LineFault("an answer could not be judged. Give it expected, schema or rubric.");
        return new(number, messages!, expected, schema, rubric);
    }

    private static JsonDocument Parse(ReadOnlySpan<char> line)
    {
        try
        {
            return JsonDocument.Parse(line.ToString(), Strict);
        }
        catch (JsonException fault)
        {
            throw new LineFault($"it is no valid JSON, or names a field twice, near byte {(fault.BytePositionInLine ?? 0) + 1}.");
        }
    }

    private static string ReadMessages(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is 0 or > MaxMessages) throw new LineFault($"messages is an array of 1 to {MaxMessages} messages.");
        var role = "";
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || message.EnumerateObject().Any(p => p.Name is not ("role" or "content"))) throw new LineFault("a message is an object of role and content.");
            role = message.TryGetProperty("role", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
            if (role is not ("system" or "developer" or "user" or "assistant")) throw new LineFault("the role of a message is system, developer, user or assistant.");
            if (!message.TryGetProperty("content", out var content) || content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array)) throw new LineFault("the content of a message is text, or an array of parts.");
        }
        return role == "user" ? messages.GetRawText() : throw new LineFault("the last message is not the user's, so there is nothing to answer.");
    }

    private static List<string> ReadExpected(JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.String) return [Text(field, MaxLineBytes)];
        if (field.Value.ValueKind != JsonValueKind.Array || field.Value.GetArrayLength() is 0 or > MaxExpected || field.Value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String || v.GetString()!.Length == 0))
            throw new LineFault($"expected is a text, or an array of 1 to {MaxExpected} texts.");
        return [.. field.Value.EnumerateArray().Select(v => v.GetString()!)];
    }

    private static JsonSchema ReadSchema(JsonElement schema)
    {
        try
        {
            return schema.ValueKind == JsonValueKind.Object ? JsonSchema.Read(schema) : throw new LineFault("schema is a JSON schema, an object.");
        }
        catch (SchemaFaultException fault)
        {
            throw new LineFault($"schema {fault.Message}");
        }
    }

    private static string Text(JsonProperty field, int max)
    {
        if (field.Value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(field.Value.GetString())) throw new LineFault($"{field.Name} is a text that is not empty.");
        return field.Value.GetString() is { } text && text.Length <= max ? text : throw new LineFault($"{field.Name} may be at most {max} characters long.");
    }

    // A name that is no name may be content that slipped.
    private static string Named(string name) => name.Length <= 40 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? $": {name}" : "";

    private sealed class LineFault(string message) : Exception(message);
}
