using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.State;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>One gateway in front of every protocol that the simulator speaks: the model <c>on-PROTOCOL</c> is served by a provider of that protocol.</summary>
public sealed class EveryProviderFixture(StoresFixture stores) : IAsyncLifetime
{
    /// <summary>A provider's protocol, the path of its base URL on the simulator, and a credential in the form that it takes.</summary>
    internal static readonly (string Protocol, string Path, string Secret)[] Providers =
    [
        ("openai", "v1", "sk-canary-5f1d7c2e9b"),
        ("anthropic", "v1", "sk-ant-canary-5f1d7c2e9b"),
        ("gemini", "v1beta", "AIza-canary-5f1d7c2e9b"),
        ("bedrock", "", """{"access_key_id":"AKIDEXAMPLE","secret_access_key":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","region":"us-east-1"}"""),
        ("azure-openai", "", "azure-canary-5f1d7c2e9b"),
        ("vertex", "v1/projects/p/locations/us-central1", "(the simulator's own service account)"),
    ];

    /// <summary>Models that embed, by protocol; chats' models elsewhere.</summary>
    internal static readonly Dictionary<string, string> Embedders = new(StringComparer.Ordinal)
    {
        ["openai"] = "text-embedding-3-small", ["gemini"] = "gemini-embedding-001", ["vertex"] = "text-embedding-005", ["bedrock"] = "cohere.embed-multilingual-v3",
    };

    internal GatewayWorld World { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        World = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        foreach (var (protocol, path, secret) in Providers) await AddAsync(protocol, path, protocol == "vertex" ? World.Simulator.GoogleServiceAccountJson() : secret);
        Gateway = await World.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Reliability__Retries=0");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
    }

    private async Task AddAsync(string protocol, string path, string secret)
    {
        var configuration = World.Configuration;
        var provider = await configuration.AddProviderAsync(World.Organisation, "by-" + protocol, new Uri(World.Simulator.BaseUrl, path).ToString(), protocol);
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Provider, provider, World.Organisation)], "update providers set is_private = true where id = $1", provider);
        var credential = await configuration.AddCredentialAsync(World.Organisation, provider);
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, World.Organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(World.MasterKey).Seal(secret, credential));
        var deployment = await configuration.AddDeploymentAsync(World.Organisation, "on-" + protocol, provider, "sim-small", credential);
        await configuration.AddPriceAsync(World.Organisation, deployment, """{"input":150000000,"cache_read":75000000,"output":600000000}""", DateTimeOffset.UnixEpoch);
        await configuration.AddModelAsync(World.Organisation, "on-" + protocol, [deployment]);
        if (!Embedders.TryGetValue(protocol, out var embedder)) return;
        var vectors = await configuration.AddDeploymentAsync(World.Organisation, "embed-on-" + protocol, provider, embedder, credential);
        await configuration.AddPriceAsync(World.Organisation, vectors, """{"input":20000000,"output":0}""", DateTimeOffset.UnixEpoch);
        await configuration.AddModelAsync(World.Organisation, "embed-on-" + protocol, [vectors]);
    }
}
