using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Anthropic;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's routes: chat completions, embeddings, models; an error in its shape for anything else.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>The models that the lists name; any other name is served too.</summary>
    internal static readonly string[] Models = ["sim-small", "sim-large", "sim-reasoning", "sim-embed"];
    private static readonly ChatProtocol Chat = new();
    private static readonly EmbeddingsProtocol Embeddings = new();

    public static void MapOpenAi(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        app.MapPost("/v1/chat/completions", http => runner.RunAsync(http, Chat));
        app.MapPost("/v1/embeddings", http => runner.RunAsync(http, Embeddings));
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

    private static async Task RefuseAsync(HttpContext http, Refusal refusal)
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
