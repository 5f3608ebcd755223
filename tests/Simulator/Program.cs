namespace AspireGateway.Simulator;

/// <summary>A provider without an account: <c>dotnet Simulator.dll --urls http://127.0.0.1:8089</c>.</summary>
internal static class SimulatorProgram
{
    private static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        await using var app = SimulatorApp.Build(builder, SimulatorOptions.From(builder.Configuration));
        await app.RunAsync();
    }
}
