using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>Bedrock's routes.</summary>
internal static class BedrockEndpoints
{
    public static void MapBedrock(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        var memory = app.Services.GetRequiredService<PromptMemory>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var plain = new ConverseProtocol(clock, memory, streams: false);
        var stream = new ConverseProtocol(clock, memory, streams: true);
        var invoke = new InvokeProtocol(clock);
        app.MapPost("/model/{modelId}/converse", http => runner.RunAsync(http, plain));
        app.MapPost("/model/{modelId}/converse-stream", http => runner.RunAsync(http, stream));
        app.MapPost("/model/{modelId}/invoke", http => runner.RunAsync(http, invoke));
    }
}
