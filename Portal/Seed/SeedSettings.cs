using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Migration;
using AspireGateway.Portal.Providers;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Seed;

/// <summary>The providers that the environment holds what it takes for, and what is missing for the others.</summary>
/// <param name="Providers">Ready to be written, in order.</param>
/// <param name="Missing">A sentence per provider that is named but cannot be used yet.</param>
internal sealed record SeedSettings(IReadOnlyList<SeedProvider> Providers, IReadOnlyList<string> Missing)
{
    private const int MaxDeployments = 100;

    /// <summary>Reads the variables of contracts' "Environment".</summary>
    /// <exception cref="SettingFault">A variable is there but wrong.</exception>
    public static SeedSettings Read(IConfiguration configuration)
    {
        var providers = new List<SeedProvider>();
        var missing = new List<string>();
        foreach (var vendor in Catalogue.Vendors)
            if (Value(vendor.Variable) is { } key) providers.Add(new(vendor.Slug, vendor.Name, vendor.Protocol, vendor.BaseUrl, key, CredentialSecret.Hint(key), null, vendor.Models));
        Bedrock();
        Azure();
        return new(providers, missing);

        string? Value(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;

        void Bedrock()
        {
            if (Value("AWS_ACCESS_KEY_ID") is not { } id) return;
            if (Value("AWS_SECRET_ACCESS_KEY") is not { } secret)
            {
                missing.Add("AWS_ACCESS_KEY_ID found, but not used: AWS_SECRET_ACCESS_KEY is missing");
                return;
            }
            if ((Value("AWS_REGION") ?? Value("AWS_DEFAULT_REGION")) is not { } region)
            {
                missing.Add("AWS_ACCESS_KEY_ID found, but not used: AWS_REGION is missing");
                return;
            }
            if (region.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')) throw new SettingFault("AWS_REGION is a region's name such as eu-central-1.");
            providers.Add(new(
                "bedrock", "AWS Bedrock", Protocols.Bedrock, $"https://bedrock-runtime.{region}.amazonaws.com", AwsSecret.Of(id, secret, Value("AWS_SESSION_TOKEN")),
                CredentialSecret.Hint(id), region, Catalogue.Bedrock(region)));
        }

        void Azure()
        {
            if (Value("AZURE_OPENAI_API_KEY") is not { } key) return;
            if (Value("AZURE_OPENAI_ENDPOINT")?.TrimEnd('/') is not { } endpoint)
            {
                missing.Add("AZURE_OPENAI_API_KEY found, but not used: AZURE_OPENAI_ENDPOINT is missing");
                return;
            }
            var (url, fault) = BaseAddress.Check(endpoint, isPrivate: false);
            if (fault is not null) throw new SettingFault($"AZURE_OPENAI_ENDPOINT: {fault}");
            var models = new List<SeedModel>();
            foreach (var entry in (Value("AZURE_OPENAI_DEPLOYMENTS") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (entry.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } deployment, { Length: > 0 } model] || !IsName(deployment) || !IsName(model) || models.Count == MaxDeployments)
                    throw new SettingFault("AZURE_OPENAI_DEPLOYMENTS is a list of deployment=model with commas between, at most 100.");
                models.Add(new(deployment, BookName: model));
            }
            if (models.Count == 0)
                missing.Add("AZURE_OPENAI_API_KEY found: the provider azure was made, but without models, as AZURE_OPENAI_DEPLOYMENTS (deployment=model, ...) names none");
            providers.Add(new("azure", "Azure OpenAI", Protocols.AzureOpenAi, url, key, CredentialSecret.Hint(key), null, models));
        }
    }

    private static bool IsName(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
