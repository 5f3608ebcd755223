using System.Globalization;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Recording;

/// <summary><c>GET</c> and <c>DELETE /simulator/requests</c>, <c>GET /simulator/stats</c>.</summary>
internal static class RecordingEndpoints
{
    private const int DefaultLimit = 1_000;

    public static void MapRecording(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<RequestLog>();
        var scripts = app.Services.GetRequiredService<ScriptQueue>();
        app.MapGet("/simulator/requests", http => ListAsync(http, log));
        app.MapGet("/simulator/stats", http => AnswerAsync(http, writer => WriteStats(writer, log, scripts)));
        app.MapDelete("/simulator/requests", http =>
        {
            log.Clear();
            return AnswerAsync(http, writer => writer.WriteNumber("last", log.Last));
        });
    }

    private static Task ListAsync(HttpContext http, RequestLog log)
    {
        var query = http.Request.Query;
        if (!TryNumber(query["since"], 0, out var since) || !TryNumber(query["limit"], DefaultLimit, out var limit))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return AnswerAsync(http, writer => writer.WriteString("error", "since and limit are whole numbers from 0 up."));
        }

        var withBody = query["body"] == "true";
        return AnswerAsync(http, writer =>
        {
            writer.WriteNumber("last", log.Last);
            writer.WriteStartArray("requests");
            foreach (var request in log.Since(since, (int)Math.Min(limit, int.MaxValue))) Write(writer, request, withBody);
            writer.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter writer, RecordedRequest request, bool withBody)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", request.Id);
        writer.WriteString("received_at", request.ReceivedAt);
        writer.WriteString("method", request.Method);
        writer.WriteString("path", request.Path);
        writer.WriteString("model", request.Model);
        writer.WriteBoolean("stream", request.Stream);
        writer.WriteString("key", request.Key);
        writer.WriteStartObject("headers");
        foreach (var (name, value) in request.Headers) writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteString("body_sha256", request.BodyHash);
        writer.WriteNumber("body_length", request.BodyLength);
        if (withBody) writer.WriteString("body", request.Body is { } body ? Encoding.UTF8.GetString(body) : null);
        writer.WriteNumber("status", request.Status);
        writer.WriteNumber("chunks_sent", request.ChunksSent);
        writer.WriteBoolean("aborted", request.Aborted);
        writer.WriteBoolean("finished", request.Finished);
        writer.WriteNumber("duration_ms", Math.Round(request.DurationMs, 3));
        writer.WriteEndObject();
    }

    private static void WriteStats(Utf8JsonWriter writer, RequestLog log, ScriptQueue scripts)
    {
        var remembered = log.Since(0);
        writer.WriteNumber("received", log.Last);
        writer.WriteNumber("remembered", remembered.Count);
        writer.WriteNumber("open", remembered.Count(r => !r.Finished));
        writer.WriteNumber("aborted", remembered.Count(r => r.Aborted));
        writer.WriteNumber("scripts_waiting", scripts.Count);
        WriteCounts(writer, "by_status", remembered.Select(r => r.Status.ToString(CultureInfo.InvariantCulture)));
        WriteCounts(writer, "by_model", remembered.Select(r => r.Model));
        WriteCounts(writer, "by_key", remembered.Select(r => r.Key ?? ""));
    }

    private static void WriteCounts(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartObject(name);
        foreach (var (value, count) in values.CountBy(v => v, StringComparer.Ordinal)) writer.WriteNumber(value, count);
        writer.WriteEndObject();
    }

    private static bool TryNumber(string? text, long fallback, out long number)
    {
        number = fallback;
        return text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static async Task AnswerAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    }
}
