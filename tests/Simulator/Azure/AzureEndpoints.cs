using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Responses;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator.Azure;

/// <summary>Azure OpenAI's routes: by deployment with <c>api-version</c>, and the newer ones without.</summary>
internal static class AzureEndpoints
{
    public static void MapAzure(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        var tokens = app.Services.GetRequiredService<TokenIssuer>();
        var memory = app.Services.GetRequiredService<ResponseMemory>();
        var responses = new AzureProtocol(new ResponsesProtocol(memory), tokens);
        var operations = OpenAiEndpoints.Operations.Append(new("chat/completions", OpenAiEndpoints.Chat)).Append(new("embeddings", OpenAiEndpoints.Embeddings));
        foreach (var (path, protocol) in operations)
        {
            var azure = new AzureProtocol(protocol, tokens);
            app.MapPost("/openai/deployments/{deployment}/" + path, http => runner.RunAsync(http, azure));
            app.MapPost("/openai/v1/" + path, http => runner.RunAsync(http, azure));
        }

        app.MapPost("/openai/responses", http => runner.RunAsync(http, responses));
        app.MapPost("/openai/v1/responses", http => runner.RunAsync(http, responses));
        var fetch = new AzureProtocol(new StoredResponseProtocol(memory, deletes: false), tokens);
        app.MapGet("/openai/v1/responses/{id}", http => runner.RunAsync(http, fetch));
        app.MapFallback("/openai/{**path}", http => OpenAiEndpoints.RefuseAsync(http, new Refusal(404, "Resource not found", "404")));
    }
}
