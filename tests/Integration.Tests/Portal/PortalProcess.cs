using System.Net;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A real portal in a process of its own, as the local host starts it.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private readonly ChildProcess process;

    private PortalProcess(ChildProcess process, Uri address, string oneTimeToken)
    {
        this.process = process;
        Address = address;
        SignInLink = new Uri(address, $"/signin?token={oneTimeToken}");
    }

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    /// <summary>The link that opens one session.</summary>
    public Uri SignInLink { get; }

    /// <summary>Starts one on a migrated database and waits until it is ready.</summary>
    public static Task<PortalProcess> StartAsync(string database, string masterKey, Uri gateway, string redis, params string[] settings) =>
        StartAsync(new Uri($"http://127.0.0.1:{FreePorts.Next()}"), database, masterKey, gateway, redis, settings);

    /// <summary>Starts one at an address that others know already, with further settings.</summary>
    public static async Task<PortalProcess> StartAsync(Uri address, string database, string masterKey, Uri gateway, string redis, params string[] settings)
    {
        var token = Guid.NewGuid().ToString("N");
        string[] environment =
        [
            "ASPNETCORE_ENVIRONMENT=Development", $"ASPNETCORE_URLS={address}", $"ConnectionStrings__gatewaydb={database}", $"Gateway__MasterKey={masterKey}",
            $"ConnectionStrings__cache={redis}",
            $"Portal__OneTimeToken={token}", $"services__gateway__http__0={gateway.ToString().TrimEnd('/')}", "DOTNET_gcServer=0", .. settings,
        ];
        // The static files are found from the content root; a child's own folder is somewhere else.
        var child = await ChildProcess.StartAsync(
            "env", [.. environment, .. settings, "dotnet", Builds.Dll("Portal"), "--contentRoot", Path.Combine(Builds.Root, "Portal")]);
        var portal = new PortalProcess(child, address, token);
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            await Eventually.HoldsAsync(
                async () => child.IsRunning
                    ? (await http.GetAsync("/health/ready")).IsSuccessStatusCode
                    : throw new InvalidOperationException("The portal ended: " + await child.WrittenAsync()),
                TimeSpan.FromSeconds(60), "the portal is ready");
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it without a word.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
