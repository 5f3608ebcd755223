using Aspire.Hosting.ApplicationModel;

namespace AspireGateway.AppHost.AspireHost;

/// <summary>
/// The providers' keys that the seed understands. A parameter without a value would hold the whole start up with a question, so only those that are
/// configured become parameters: as <c>Parameters:openai-api-key</c> (user secrets) or as the plain variable <c>OPENAI_API_KEY</c>.
/// </summary>
internal static class ProviderKeys
{
    private static readonly string[] s_variables =
    [
        "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
        "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_DEPLOYMENTS", "AZURE_OPENAI_API_VERSION",
    ];

    // A region alone calls nobody.
    private static readonly string[] s_notKeys = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

    /// <summary>Adds a secret parameter for each configured variable; empty when no provider can be called.</summary>
    public static IReadOnlyList<(string Variable, IResourceBuilder<ParameterResource> Parameter)> AddConfigured(IDistributedApplicationBuilder builder)
    {
        var found = s_variables
            .Select(variable => (Variable: variable, Name: variable.ToLowerInvariant().Replace('_', '-')))
            .Select(v => (v.Variable, v.Name, Key: ConfiguredUnder(builder, v.Variable, v.Name)))
            .Where(v => v.Key is not null)
            .ToList();
        if (found.All(v => s_notKeys.Contains(v.Variable, StringComparer.Ordinal)))
            return [];

        return [.. found.Select(v => (v.Variable, builder.AddParameterFromConfiguration(v.Name, v.Key!, secret: true)))];
    }

    private static string? ConfiguredUnder(IDistributedApplicationBuilder builder, string variable, string name) =>
        new[] { $"Parameters:{name}", $"Parameters:{name.Replace('-', '_')}", variable }
            .FirstOrDefault(key => !string.IsNullOrEmpty(builder.Configuration[key]));
}
