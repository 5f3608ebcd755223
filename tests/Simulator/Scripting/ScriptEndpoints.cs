using System.Text.Json;

namespace AspireGateway.Simulator.Scripting;

/// <summary><c>POST</c> and <c>DELETE /simulator/script</c>.</summary>
internal static class ScriptEndpoints
{
    private const int MostTimes = 1_000;

    public static void MapScripting(this WebApplication app)
    {
        var queue = app.Services.GetRequiredService<ScriptQueue>();
        app.MapPost("/simulator/script", http => AddAsync(http, queue));
        app.MapDelete("/simulator/script", http =>
        {
            queue.Clear();
            return AnswerAsync(http, StatusCodes.Status200OK, writer => writer.WriteNumber("waiting", 0));
        });
    }

    private static async Task AddAsync(HttpContext http, ScriptQueue queue)
    {
        var entries = new List<ScriptEntry>();
        var fault = await ReadAsync(http, entries);
        if (fault is null && !queue.TryAdd(entries)) fault = $"More than {ScriptQueue.Capacity} scripts would be waiting; nothing was queued.";
        if (fault is null) await AnswerAsync(http, StatusCodes.Status200OK, writer => writer.WriteNumber("waiting", queue.Count));
        else await AnswerAsync(http, StatusCodes.Status400BadRequest, writer => writer.WriteString("error", fault));
    }

    private static async Task<string?> ReadAsync(HttpContext http, List<ScriptEntry> entries)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Array) return Read(body.RootElement, entries);
            foreach (var item in body.RootElement.EnumerateArray())
                if (Read(item, entries) is { } fault) return fault;
            return null;
        }
        catch (JsonException)
        {
            return "The body is not JSON. Send a directive string, an object {\"directives\", \"model\"?, \"times\"?}, or an array of them.";
        }
    }

    private static string? Read(JsonElement item, List<ScriptEntry> entries)
    {
        string? text = null, model = null;
        var times = 1;
        if (item.ValueKind == JsonValueKind.String) text = item.GetString();
        else if (item.ValueKind != JsonValueKind.Object) return "A script is a string or an object.";
        else
        {
            foreach (var member in item.EnumerateObject())
            {
                switch (member.Name, member.Value.ValueKind)
                {
                    case ("directives", JsonValueKind.String): text = member.Value.GetString(); break;
                    case ("model", JsonValueKind.String): model = member.Value.GetString(); break;
                    case ("times", JsonValueKind.Number) when member.Value.TryGetInt32(out times) && times is >= 1 and <= MostTimes: break;
                    default: return $"'{member.Name}' is no member of a script, or its value does not fit: directives and model are strings, times is 1 to {MostTimes}.";
                }
            }
        }

        if (text is null) return "A script needs 'directives'; an empty string lets one request pass as usual.";
        if (DirectiveReader.TryApply(text, Directives.None, out var directives) is { } fault) return fault;
        for (var i = 0; i < times; i++) entries.Add(new ScriptEntry(model, directives));
        return null;
    }

    private static async Task AnswerAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    }
}
