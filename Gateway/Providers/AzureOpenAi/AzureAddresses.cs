using System.Collections.Concurrent;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.AzureOpenAi;

/// <summary>
/// Where a deployment's operations are. A base URL that ends in <c>/openai/v1</c> has OpenAI's own paths, with the model in the body. Every other one is the
/// resource's endpoint, with the deployment in the path and a version of the API in the query: the base URL's, else the last that is not a preview.
/// </summary>
internal sealed class AzureAddresses
{
    /// <summary>The last version of the API that is dated and no preview; later abilities are only in v1.</summary>
    public const string DefaultVersion = "2024-10-21";

    private const string DeploymentsPath = "/openai/deployments/";

    private readonly string? prefix;
    private readonly string suffix;
    private readonly bool isV1;
    private readonly ConcurrentDictionary<string, UpstreamTarget> targets = new(StringComparer.Ordinal);

    /// <summary>Reads the provider's base URL and the deployment's name.</summary>
    public AzureAddresses(DeploymentSnapshot deployment)
    {
        var address = deployment.Provider.BaseUrl;
        var path = address.AbsolutePath.TrimEnd('/');
        isV1 = path.EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase);
        var version = VersionIn(address.Query);
        suffix = isV1 ? version is null ? "" : "?api-version=" + version : "?api-version=" + (version ?? DefaultVersion);
        // Some enter the endpoint with the path that all operations share.
        var shared = path.EndsWith("/openai", StringComparison.OrdinalIgnoreCase) ? DeploymentsPath["/openai".Length..] : DeploymentsPath;
        prefix = isV1 ? "" : PathSegment.TryOf(deployment.UpstreamModel, out var segment) ? shared + segment : null;
    }

    /// <summary>Azure's address of an operation of OpenAI's; null when the deployment's name cannot stand in it.</summary>
    public UpstreamTarget? Of(UpstreamTarget openAi)
    {
        if (prefix is null) return null;
        return targets.TryGetValue(openAi.Path, out var known) ? known : targets.GetOrAdd(openAi.Path, openAi with { Path = PathOf(openAi.Path) });
    }

    // Responses has no deployments in its path: it is where v1 is, on the same resource.
    private string PathOf(string openAiPath) =>
        isV1 || !openAiPath.StartsWith("/responses", StringComparison.Ordinal)
            ? prefix + openAiPath + suffix
            : (prefix!.StartsWith("/openai", StringComparison.Ordinal) ? "/openai/v1" : "/v1") + openAiPath;

    private static string? VersionIn(string query)
    {
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            if (!pair.StartsWith("api-version=", StringComparison.OrdinalIgnoreCase)) continue;
            var version = pair["api-version=".Length..];
            return PathSegment.TryOf(version, out var plain) ? plain.ToString() : null;
        }
        return null;
    }
}
