using System.Text.Json;

namespace AspireGateway.Simulator.Azure;

/// <summary>The verdicts that Azure adds to prompts, choices and errors.</summary>
internal static class ContentFilter
{
    private static readonly string[] Categories = ["hate", "self_harm", "sexual", "violence"];

    public static void WritePromptResults(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("prompt_filter_results");
        writer.WriteStartObject();
        writer.WriteNumber("prompt_index", 0);
        WriteVerdicts(writer, "content_filter_results", blocked: null);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    public static void WriteChoiceResults(Utf8JsonWriter writer) => WriteVerdicts(writer, "content_filter_results", blocked: null);

    public static void WriteVerdicts(Utf8JsonWriter writer, string name, string? blocked)
    {
        writer.WriteStartObject(name);
        foreach (var category in Categories)
        {
            writer.WriteStartObject(category);
            writer.WriteBoolean("filtered", category == blocked);
            writer.WriteString("severity", category == blocked ? "high" : "safe");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
