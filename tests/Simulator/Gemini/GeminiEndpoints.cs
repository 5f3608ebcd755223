using System.Buffers;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator.Gemini;

/// <summary>Gemini's routes and those of Vertex AI.</summary>
internal static class GeminiEndpoints
{
    private static readonly string[] Versions = ["v1beta", "v1"];
    private static readonly string[] VertexVersions = ["v1", "v1beta1"];

    public static void MapGemini(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        var tokens = app.Services.GetRequiredService<TokenIssuer>();
        var gemini = Operations(tokens, isVertex: false);
        var vertex = Operations(tokens, isVertex: true);
        foreach (var version in Versions) app.MapPost($"/{version}/models/{{call}}", http => RunAsync(http, runner, gemini));
        foreach (var version in VertexVersions)
            app.MapPost($"/{version}/projects/{{project}}/locations/{{location}}/publishers/google/models/{{call}}", http => RunAsync(http, runner, vertex));
        app.MapGet("/v1beta/models", ListAsync);
    }

    private static Dictionary<string, IProtocol> Operations(TokenIssuer tokens, bool isVertex) => new(StringComparer.Ordinal)
    {
        ["generateContent"] = new GenerateProtocol(tokens, isVertex, GenerateKind.Plain),
        ["streamGenerateContent"] = new GenerateProtocol(tokens, isVertex, GenerateKind.Stream),
        ["countTokens"] = new GenerateProtocol(tokens, isVertex, GenerateKind.Count),
        ["embedContent"] = new GeminiEmbeddings(tokens, isVertex, EmbeddingsKind.One),
        ["batchEmbedContents"] = new GeminiEmbeddings(tokens, isVertex, EmbeddingsKind.Batch),
        ["predict"] = new GeminiEmbeddings(tokens, isVertex, EmbeddingsKind.Predict),
    };

    private static Task RunAsync(HttpContext http, CallRunner runner, Dictionary<string, IProtocol> operations)
    {
        var call = (string)http.Request.RouteValues["call"]!;
        return operations.TryGetValue(call[(call.LastIndexOf(':') + 1)..], out var protocol)
            ? runner.RunAsync(http, protocol)
            : RefuseAsync(http, new Refusal(404, $"There is no operation '{call}'."));
    }

    private static async Task ListAsync(HttpContext http)
    {
        var body = new ArrayBufferWriter<byte>(512);
        WireJson.WriteObject(body, writer =>
        {
            writer.WriteStartArray("models");
            foreach (var model in OpenAiEndpoints.Models)
            {
                writer.WriteStartObject();
                writer.WriteString("name", "models/" + model);
                writer.WriteString("displayName", model);
                writer.WriteNumber("inputTokenLimit", 1_048_576);
                writer.WriteNumber("outputTokenLimit", 65_536);
                writer.WriteStartArray("supportedGenerationMethods");
                writer.WriteStringValue("generateContent");
                writer.WriteStringValue("countTokens");
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(256);
        GeminiErrors.Write(body, refusal);
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
