using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.ServiceDefaults.Health;

/// <summary>Writes a health report: <c>{"status", "checks": {name: {"status", "description"?, "duration_ms", "data"?}}}</c>. Never an exception's text.</summary>
internal static class HealthJson
{
    /// <summary>The report as UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Write(HealthReport report)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, NameOf(report.Status));
            json.WriteStartObject("checks"u8);
            foreach (var (name, entry) in report.Entries)
            {
                json.WriteStartObject(name);
                json.WriteString("status"u8, NameOf(entry.Status));
                if (entry.Description is { } description) json.WriteString("description"u8, description);
                json.WriteNumber("duration_ms"u8, Math.Round(entry.Duration.TotalMilliseconds, 1));
                if (entry.Data.Count > 0)
                {
                    json.WriteStartObject("data"u8);
                    foreach (var (key, value) in entry.Data) WriteValue(json, key, value);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(key); break;
            case bool flag: json.WriteBoolean(key, flag); break;
            case int number: json.WriteNumber(key, number); break;
            case long number: json.WriteNumber(key, number); break;
            case double number: json.WriteNumber(key, number); break;
            case DateTimeOffset moment: json.WriteString(key, moment); break;
            default: json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
