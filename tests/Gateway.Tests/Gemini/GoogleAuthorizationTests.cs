using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Providers.Authorizing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Access tokens of service accounts, against a token server of our own.</summary>
public sealed class GoogleAuthorizationTests : IAsyncLifetime
{
    private static readonly string PrivateKey = NewPrivateKey();

    private readonly ConcurrentQueue<string> assertions = [];
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? server;
    private volatile bool holds, refuses;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            assertions.Enqueue(form["assertion"].ToString());
            if (holds) await held.Task.WaitAsync(request.HttpContext.RequestAborted);
            return refuses
                ? Results.Json(new { error = "invalid_grant", error_description = "Invalid JWT Signature." }, statusCode: 400)
                : Results.Json(new { access_token = $"token-{assertions.Count}", expires_in = 3599, token_type = "Bearer" });
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        held.TrySetResult();
        await server!.DisposeAsync();
    }

    [Fact]
    public async Task Token_ForManyAtOnce_IsAskedForOnceAndKept()
    {
        var clock = new Clock();
        var authorization = Authorization(clock);

        var shown = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ShownAsync(authorization)));

        Assert.Equal(["Bearer token-1"], shown.Distinct());
        Assert.Single(assertions);
        var claims = Claims(assertions.First());
        Assert.Equal("robot@project.iam.gserviceaccount.com", claims.GetProperty("iss").GetString());
        Assert.Contains("cloud-platform", claims.GetProperty("scope").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_PastItsEnd_IsReplaced()
    {
        var clock = new Clock();
        var authorization = Authorization(clock);
        Assert.Equal("Bearer token-1", await ShownAsync(authorization));

        clock.Now += TimeSpan.FromMinutes(50);
        Assert.Equal("Bearer token-1", await ShownAsync(authorization));
        clock.Now += TimeSpan.FromMinutes(15);
        Assert.Equal("Bearer token-2", await ShownAsync(authorization));
    }

    [Fact]
    public async Task Refusal_OfTheTokenServer_IsThrownForTheCallerOfProvidersOnly()
    {
        refuses = true;
        var fault = await Assert.ThrowsAsync<Google.Apis.Auth.OAuth2.Responses.TokenResponseException>(() => ShownAsync(Authorization(new Clock())));
        Assert.DoesNotContain("BEGIN", fault.ToString(), StringComparison.Ordinal);
        refuses = false;
    }

    [Fact]
    public async Task Silence_OfTheTokenServer_EndsWithTheAttempt()
    {
        holds = true;
        using var attempt = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ShownAsync(Authorization(new Clock()), attempt.Token));
    }

    [Fact]
    public async Task PrivateAddress_OfATokenServer_IsNotForProvidersOfTheOpenInternet()
    {
        // A name of Google's that resolves to this machine would pass the check of the name: the address is checked as well.
        using var client = new GoogleHttpClients(isPrivateProvider: false).CreateHttpClient(new Google.Apis.Http.CreateHttpClientArgs());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(server!.Urls.First()), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("service_account", "https://oauth2.googleapis.com/token", true)]
    [InlineData("service_account", "https://oauth2.googleapis.com.evil.example/token", false)]
    [InlineData("service_account", "https://evil.example/token", false)]
    [InlineData("service_account", "http://oauth2.googleapis.com/token", false)]
    [InlineData("service_account", "http://169.254.169.254/token", false)]
    [InlineData("external_account", "https://sts.googleapis.com/v1/token", false)]
    [InlineData("authorized_user", "https://oauth2.googleapis.com/token", false)]
    public void CredentialFile_OfAnotherKindOrServer_IsRefused(string type, string tokenServer, bool isAccepted) =>
        Assert.Equal(isAccepted, GoogleAuthorization.TryOf(KeyFile(type, tokenServer, PrivateKey), Deployments.Provider("vertex"), new Clock()) is not null);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"service_account\"}")]
    [InlineData("{\"type\":5,\"client_email\":[]}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    public void CredentialFile_ThatIsNone_IsRefused(string json) =>
        Assert.Null(GoogleAuthorization.TryOf(json, Deployments.Provider("vertex"), new Clock()));

    [Theory]
    [InlineData("x")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n")]
    public void PrivateKey_ThatIsNone_IsRefused(string key) =>
        Assert.Null(GoogleAuthorization.TryOf(KeyFile("service_account", "https://oauth2.googleapis.com/token", key), Deployments.Provider("vertex"), new Clock()));

    private static async Task<string?> ShownAsync(GoogleAuthorization authorization, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.com");
        await authorization.ApplyAsync(request, null, cancellationToken ?? TestContext.Current.CancellationToken);
        return request.Headers.Authorization?.ToString();
    }

    private GoogleAuthorization Authorization(Clock clock) =>
        GoogleAuthorization.TryOf(KeyFile("service_account", server!.Urls.First() + "/token", PrivateKey), Deployments.Provider("vertex", isPrivate: true), clock)!;

    private static string KeyFile(string type, string tokenServer, string privateKey) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = type, ["client_email"] = "robot@project.iam.gserviceaccount.com", ["private_key_id"] = "k1", ["private_key"] = privateKey, ["token_uri"] = tokenServer,
    });

    private static JsonElement Claims(string assertion)
    {
        var payload = assertion.Split('.')[1].Replace('-', '+').Replace('_', '/');
        return JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')))).RootElement.Clone();
    }

    private static string NewPrivateKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
