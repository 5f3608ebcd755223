using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>A world whose gateway also has the vendor <c>vend</c> with the deployments <c>m1</c> and <c>m2</c>, and whose team has a key for <c>vend/m1</c> alone.</summary>
public sealed class VendorFixture(StoresFixture stores) : IAsyncLifetime
{
    /// <summary>What only the vendor may receive.</summary>
    public const string VendorSecret = "sk-vendor-canary-77aa";

    internal GatewayWorld World { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal VendorServer Vendor { get; private set; } = null!;

    /// <summary>A key that may use one model of the vendor.</summary>
    internal string NarrowKey { get; } = VirtualKeySecret.Create();

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        Vendor = await VendorServer.StartAsync();
        World = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var configuration = World.Configuration;
        var provider = await configuration.AddProviderAsync(World.Organisation, "vend", Vendor.BaseUrl + "/v1");
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Provider, provider, World.Organisation)], "update providers set is_private = true, first_byte_timeout_ms = 20000, idle_timeout_ms = 20000 where id = $1", provider);
        var credential = await configuration.AddCredentialAsync(World.Organisation, provider);
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, World.Organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(World.MasterKey).Seal(VendorSecret, credential));
        foreach (var model in (string[])["m1", "m2"])
        {
            var deployment = await configuration.AddDeploymentAsync(World.Organisation, "vend-" + model, provider, model, credential);
            await configuration.AddPriceAsync(
                World.Organisation, deployment,
                """{"input":1000000000,"output":2000000000,"request":5000,"character":15000000000,"second":100000000000,"search":2000000,"images":[{"price":40000000}]}""", DateTimeOffset.UnixEpoch);
        }
        await configuration.AddKeyAsync(World.Organisation, World.Team, NarrowKey, "vend/m1");
        // One test sits this time-out out.
        await World.ChangeProviderAsync("first_byte_timeout_ms = 3000, idle_timeout_ms = 3000");
        Gateway = await World.StartGatewayAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
        if (Vendor is not null) await Vendor.DisposeAsync();
    }

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, string? key = null, string? id = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? World.Key));
        if (id is not null) request.Headers.Add("x-request-id", id);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
