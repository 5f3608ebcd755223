using AspireGateway.Simulator.Anthropic;
using AspireGateway.Simulator.Azure;
using AspireGateway.Simulator.Bedrock;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Gemini;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Recording;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Responses;
using AspireGateway.Simulator.Scripting;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator;

/// <summary>The routes of the simulator: one line for each protocol, then its own control routes.</summary>
internal static class SimulatorApp
{
    private const long LargestBody = 256L << 20;

    public static WebApplication Build(WebApplicationBuilder builder, SimulatorOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ScriptQueue>();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddSingleton<CallRunner>();
        builder.Services.AddSingleton<PromptMemory>();
        builder.Services.AddSingleton<ResponseMemory>();
        builder.Services.AddSingleton<TokenIssuer>();
        builder.Services.AddSingleton<GoogleServiceAccount>();

        var app = builder.Build();
        app.UseWebSockets();
        app.MapOpenAi();
        app.MapResponses();
        app.MapAnthropic();
        app.MapBedrock();
        app.MapGemini();
        app.MapAzure();
        app.MapTokens();
        app.MapScripting();
        app.MapRecording();
        app.MapGet("/health", http => http.Response.WriteAsync("""{"status":"ok"}"""));
        return app;
    }
}
