using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Anthropic;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Recording;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's routes: chat completions, embeddings, models; an error in its shape for anything else.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>The models that the lists name; any other name is served too.</summary>
    internal static readonly string[] Models = ["sim-small", "sim-large", "sim-reasoning", "sim-embed"];
    internal static readonly ChatProtocol Chat = new();
    internal static readonly EmbeddingsProtocol Embeddings = new();

    /// <summary>The operations beside chat, embeddings and responses, by the path after the version.</summary>
    internal static readonly Dictionary<string, IProtocol> Operations = new(StringComparer.Ordinal)
    {
        ["moderations"] = new ModerationsProtocol(),
        ["images/generations"] = new ImagesProtocol(),
        ["audio/speech"] = new SpeechProtocol(),
        ["audio/transcriptions"] = new TranscriptionsProtocol(),
        ["rerank"] = new RerankProtocol(),
    };

    public static void MapOpenAi(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        app.MapPost("/v1/chat/completions", http => runner.RunAsync(http, Chat));
        app.MapPost("/v1/embeddings", http => runner.RunAsync(http, Embeddings));
        foreach (var (path, protocol) in Operations) app.MapPost("/v1/" + path, http => runner.RunAsync(http, protocol));
        app.MapPost("/v2/rerank", http => runner.RunAsync(http, Operations["rerank"]));
        var realtime = new RealtimeEcho(app.Services.GetRequiredService<ScriptQueue>(), app.Services.GetRequiredService<RequestLog>(), app.Services.GetRequiredService<TimeProvider>());
        foreach (var path in (string[])["/v1/realtime", "/openai/v1/realtime", "/openai/realtime"]) app.MapGet(path, realtime.RunAsync);
        app.MapGet("/simulator/image.png", http =>
        {
            http.Response.ContentType = "image/png";
            return http.Response.Body.WriteAsync(SimMedia.Png, http.RequestAborted).AsTask();
        });
        app.MapGet("/v1/models", http => AnthropicEndpoints.IsSpoken(http.Request) ? AnthropicEndpoints.ListModelsAsync(http, Models, null) : WithKeyAsync(http, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var model in Models) WriteModel(writer, model);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
        app.MapGet("/v1/models/{**id}", http => (string)http.Request.RouteValues["id"]! is var id && AnthropicEndpoints.IsSpoken(http.Request)
            ? AnthropicEndpoints.ListModelsAsync(http, Models, id)
            : WithKeyAsync(http, writer => WriteModel(writer, id)));
        app.MapFallback("/v1/{**path}", http => RefuseAsync(http, new Refusal(404, $"There is no route {http.Request.Method} {http.Request.Path}.")));
    }

    private static async Task WithKeyAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        if (Chat.KeyOf(http.Request) is null)
        {
            await RefuseAsync(http, new Refusal(401, "No API key was sent. Put it into the header 'Authorization: Bearer KEY'."));
            return;
        }

        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, WireJson.Options);
        write(writer);
    }

    internal static async Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(256);
        Chat.WriteError(body, refusal);
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static void WriteModel(Utf8JsonWriter writer, string id)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", OpenAiJson.ModelsCreated);
        writer.WriteString("owned_by", "simulator");
        writer.WriteEndObject();
    }
}
