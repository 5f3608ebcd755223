using System.Net.Http.Json;
using AspireGateway.Integration.Tests.Portal;
using AspireGateway.Integration.Tests.Sdks;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.SignIn;

/// <summary>The certified <c>oidc-provider</c> from npm, on a port of its own.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "portal";

    /// <summary>With characters that have to be encoded on their way.</summary>
    public const string ClientSecret = "the portal's secret: +/&=";

    private readonly ChildProcess process;
    private readonly HttpClient http;

    private IdentityProvider(ChildProcess process, Uri issuer)
    {
        this.process = process;
        Issuer = issuer;
        http = new HttpClient { BaseAddress = issuer };
    }

    /// <summary>Its issuer.</summary>
    public Uri Issuer { get; }

    /// <summary>Starts one that sends people back to the portal.</summary>
    public static async Task<IdentityProvider> StartAsync(Uri portal)
    {
        var folder = await NodePackages.InstallAsync("Identity", "oidc-provider");
        var port = FreePorts.Next();
        var issuer = new Uri($"http://127.0.0.1:{port}");
        var child = await ChildProcess.StartAsync("node", [Path.Combine(folder, "provider.mjs"), port.ToString(System.Globalization.CultureInfo.InvariantCulture), portal.ToString().TrimEnd('/')]);
        var provider = new IdentityProvider(child, issuer);
        try
        {
            await Eventually.HoldsAsync(
                async () => child.IsRunning
                    ? (await provider.http.GetAsync("/.well-known/openid-configuration")).IsSuccessStatusCode
                    : throw new InvalidOperationException("The identity provider ended: " + await child.WrittenAsync()),
                TimeSpan.FromSeconds(60), "the identity provider is ready");
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets what the provider says of a person from the next sign-in on.</summary>
    public Task SetAsync(string person, object claims) => PutAsync("people/" + person, claims);

    /// <summary>Makes it answer nothing but 503, or serve again.</summary>
    public Task AwayAsync(bool away) => PutAsync("away", away);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    private async Task PutAsync(string path, object value)
    {
        using var answer = await http.PutAsJsonAsync("/control/" + path, value);
        answer.EnsureSuccessStatusCode();
    }
}
