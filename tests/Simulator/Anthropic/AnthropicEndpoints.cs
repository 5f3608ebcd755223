using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Anthropic;

/// <summary>Anthropic's routes: messages and their tokens. Its model list stands beside OpenAI's, chosen by the header.</summary>
internal static class AnthropicEndpoints
{
    private const string Created = "2026-01-31T00:00:00Z";

    public static void MapAnthropic(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        var memory = app.Services.GetRequiredService<PromptMemory>();
        var messages = new MessagesProtocol(memory, counts: false);
        var counting = new MessagesProtocol(memory, counts: true);
        app.MapPost("/v1/messages", http => runner.RunAsync(http, messages));
        app.MapPost("/v1/messages/count_tokens", http => runner.RunAsync(http, counting));
    }

    /// <summary>True when the caller speaks Anthropic's protocol on a route that OpenAI has too.</summary>
    public static bool IsSpoken(HttpRequest request) => request.Headers.ContainsKey("anthropic-version");

    /// <summary>Answers <c>GET /v1/models</c> or, with an id, <c>GET /v1/models/{id}</c>.</summary>
    public static async Task ListModelsAsync(HttpContext http, IReadOnlyList<string> models, string? id)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>(512);
        http.Response.ContentType = "application/json";
        if (AnthropicJson.Authorise(http.Request) is { } refusal)
        {
            http.Response.StatusCode = refusal.Status;
            AnthropicJson.WriteError(body, refusal);
        }
        else if (id is not null) WireJson.WriteObject(body, writer => WriteModel(writer, id));
        else
        {
            WireJson.WriteObject(body, writer =>
            {
                writer.WriteStartArray("data");
                foreach (var model in models)
                {
                    writer.WriteStartObject();
                    WriteModel(writer, model);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteBoolean("has_more", false);
                writer.WriteString("first_id", models[0]);
                writer.WriteString("last_id", models[^1]);
            });
        }

        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static void WriteModel(System.Text.Json.Utf8JsonWriter writer, string id)
    {
        writer.WriteString("type", "model");
        writer.WriteString("id", id);
        writer.WriteString("display_name", id);
        writer.WriteString("created_at", Created);
    }
}
