using System.Globalization;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>What the command line asks of the local host.</summary>
/// <param name="Replicas">Gateways behind the one address, 1 to <see cref="PortPlan.MaxReplicas"/>.</param>
/// <param name="PortBase">The gateway's port; the portal's is one above, the simulator's nine above.</param>
/// <param name="DataPath">The data folder, or null for <c>.data</c> beside the solution.</param>
/// <param name="ShowHelp">The caller only wants to read <see cref="Usage"/>.</param>
internal sealed record LocalHostOptions(int Replicas = 1, int PortBase = 8080, string? DataPath = null, bool ShowHelp = false)
{
    public const string Usage = """
        Starts Postgres, Redis, the gateway, the portal and (without provider keys) the simulator on this machine.

          --replicas N    gateways behind the one address, 1 to 8 (default 1)
          --port-base N   gateway on N, portal on N+1, simulator on N+9 (default 8080)
          --data DIR      where everything is kept (default: .data beside AspireGateway.sln)
          --help          this text

        Provider keys in the environment at the first start (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY,
        AWS_ACCESS_KEY_ID, AZURE_OPENAI_*) create real models instead of the simulator's.
        """;

    private const int LowestPort = 1024;
    private const int HighestPortBase = 65_500;

    /// <summary>Reads <c>--name value</c> and <c>--name=value</c>; anything unknown is a fault, never ignored.</summary>
    public static Outcome<LocalHostOptions> Parse(IReadOnlyList<string> args)
    {
        var options = new LocalHostOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (name is "--help" or "-h")
                return options with { ShowHelp = true };
            if (name is not ("--replicas" or "--port-base" or "--data"))
                return new Fault($"unknown option {name}: known are --replicas N, --port-base N, --data DIR and --help");

            value ??= ++i < args.Count ? args[i] : null;
            if (string.IsNullOrWhiteSpace(value) || value.StartsWith("--", StringComparison.Ordinal))
                return new Fault($"{name} needs a value, for example {Example(name)}");

            switch (name)
            {
                case "--data":
                    options = options with { DataPath = value };
                    break;
                case "--replicas" when Number(value, 1, PortPlan.MaxReplicas) is { } replicas:
                    options = options with { Replicas = replicas };
                    break;
                case "--port-base" when Number(value, LowestPort, HighestPortBase) is { } port:
                    options = options with { PortBase = port };
                    break;
                case "--replicas":
                    return new Fault($"--replicas takes a number from 1 to {PortPlan.MaxReplicas}, not '{value}'");
                default:
                    return new Fault($"--port-base takes a number from {LowestPort} to {HighestPortBase}, not '{value}'");
            }
        }

        return options;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static int? Number(string text, int lowest, int highest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? number
            : null;

    private static string Example(string name) => name switch
    {
        "--replicas" => "--replicas 2",
        "--port-base" => "--port-base 9080",
        _ => "--data /srv/gateway-data",
    };
}
