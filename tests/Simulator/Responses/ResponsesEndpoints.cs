using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Responses;

/// <summary>The routes of OpenAI's Responses.</summary>
internal static class ResponsesEndpoints
{
    public static void MapResponses(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        var memory = app.Services.GetRequiredService<ResponseMemory>();
        var create = new ResponsesProtocol(memory);
        var fetch = new StoredResponseProtocol(memory, deletes: false);
        var delete = new StoredResponseProtocol(memory, deletes: true);
        app.MapPost("/v1/responses", http => runner.RunAsync(http, create));
        app.MapGet("/v1/responses/{id}", http => runner.RunAsync(http, fetch));
        app.MapDelete("/v1/responses/{id}", http => runner.RunAsync(http, delete));
    }
}
