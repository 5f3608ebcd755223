using AspireGateway.AppHost.Local.Data;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>What the console ends with when everything is ready.</summary>
internal static class ReadyTable
{
    /// <summary>Draws the table.</summary>
    /// <param name="run">The facts, as in <c>run.json</c>.</param>
    /// <param name="dataPath">The data folder.</param>
    /// <param name="replicas">The gateways' own addresses when there are several.</param>
    /// <param name="took">Since the host's start.</param>
    public static string Draw(RunFile run, string dataPath, IReadOnlyCollection<string> replicas, TimeSpan took)
    {
        var simulator = run.Simulator is null ? "" : $"\n  simulator  {run.Simulator}   (a fake provider: no account needed)";
        var behind = replicas.Count < 2 ? "" : $"\n             {string.Join(", ", replicas)}";
        return $$"""

              AspireGateway is ready after {{took.TotalSeconds:0.0}} s

              portal     {{run.SignInUrl ?? run.Portal}}
              gateway    {{run.Gateway}}{{behind}}{{simulator}}
              demo key   {{run.DemoKey}}
              data       {{dataPath}}   (delete it for a factory reset)

              curl {{run.Gateway}}/v1/chat/completions -H "Authorization: Bearer {{run.DemoKey}}" -H "Content-Type: application/json" \
                -d '{"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}'

              Ctrl-C stops everything.

            """;
    }
}
