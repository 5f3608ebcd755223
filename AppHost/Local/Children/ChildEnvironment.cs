using System.Collections;

namespace AspireGateway.AppHost.Local.Children;

/// <summary>
/// Chooses what of the host's own environment a child may see. Everything else stays out, so that a service behaves the same on every machine and a
/// provider's key reaches nobody but the migration, which stores it encrypted.
/// </summary>
internal sealed class ChildEnvironment(IReadOnlyDictionary<string, string> host)
{
    private static readonly string[] s_system =
    [
        "PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR",
    ];

    // Settings of the runtime and of our own projects that a developer may want to try from the shell.
    private static readonly string[] s_servicePrefixes =
    [
        "DOTNET_ROOT", "DOTNET_gc", "DOTNET_GC", "DOTNET_Tiered", "DOTNET_TC_", "DOTNET_Enable", "DOTNET_Dbg", "DOTNET_SYSTEM_",
        "OTEL_", "Logging__", "Gateway__", "Portal__", "Seed__", "Simulator__", "Aspire__",
    ];

    private static readonly string[] s_providerPrefixes = ["OPENAI_", "ANTHROPIC_", "GEMINI_", "AWS_", "AZURE_OPENAI_"];

    // Any one of these says that a real provider can be called.
    private static readonly string[] s_providerKeys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "AWS_ACCESS_KEY_ID"];

    /// <summary>The environment of this process.</summary>
    public static ChildEnvironment OfProcess() => new(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal));

    /// <summary>The name of the ASP.NET environment: the caller's, else Development.</summary>
    public string AspNetEnvironment => host.GetValueOrDefault("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } name ? name : "Development";

    /// <summary>Whether a provider's key is set, so that the demo needs no simulator.</summary>
    public bool HasProviderKey => host.Any(e =>
        e.Value.Length > 0 && (s_providerKeys.Contains(e.Key, StringComparer.Ordinal) || e.Key.StartsWith("AZURE_OPENAI_", StringComparison.Ordinal)));

    /// <summary>For programs that are not ours (Postgres, Redis, their tools).</summary>
    public Dictionary<string, string> ForTool() => Pick(name => name is "PATH" or "LANG" or "TZ");

    /// <summary>For one of our services.</summary>
    public Dictionary<string, string> ForService(string name)
    {
        var environment = Pick(key => s_system.Contains(key, StringComparer.Ordinal)
            || key.StartsWith("LC_", StringComparison.Ordinal)
            || s_servicePrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)));
        environment["ASPNETCORE_ENVIRONMENT"] = AspNetEnvironment;
        environment["DOTNET_ENVIRONMENT"] = AspNetEnvironment;
        environment["DOTNET_NOLOGO"] = "1";
        environment["OTEL_SERVICE_NAME"] = name;
        // Prompts and replies appear in no span, whatever the shell says.
        environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "false";
        // One line per entry, so that the prefix names each one.
        environment.TryAdd("Logging__Console__FormatterName", "simple");
        environment.TryAdd("Logging__Console__FormatterOptions__SingleLine", "true");
        // A line for each request of each health check hides the rest.
        environment.TryAdd("Logging__LogLevel__Microsoft.AspNetCore", "Warning");
        return environment;
    }

    /// <summary>For the migration: a service that may also see the providers' keys, to seed them.</summary>
    public Dictionary<string, string> ForMigration(string name)
    {
        var environment = ForService(name);
        foreach (var (key, value) in Pick(key => s_providerPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))))
            environment[key] = value;
        return environment;
    }

    private Dictionary<string, string> Pick(Func<string, bool> wanted) =>
        host.Where(e => wanted(e.Key)).ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
}
