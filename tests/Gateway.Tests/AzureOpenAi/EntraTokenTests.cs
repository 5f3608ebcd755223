using System.Net;
using System.Text;
using Azure.Core.Pipeline;
using AspireGateway.Gateway.Providers.Authorizing;

namespace AspireGateway.Gateway.Tests.AzureOpenAi;

/// <summary>Tokens of Microsoft Entra ID.</summary>
public sealed class EntraTokenTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Token_WhileItServes_IsAskedForOnce()
    {
        var (time, source) = (new Clock(), new Source());
        var authorization = new EntraTokenAuthorization(source, time);
        source.Answer(new EntraToken("one", Start.AddHours(1), null));
        for (var i = 0; i < 5; i++) Assert.Equal("Bearer one", await ShownAsync(authorization));
        Assert.Equal(1, source.Calls);
    }

    [Fact]
    public async Task Token_WantedByMany_IsAskedForOnceAndALeaverCancelsNobody()
    {
        var (time, source) = (new Clock(), new Source());
        var authorization = new EntraTokenAuthorization(source, time);
        using var leaver = new CancellationTokenSource();
        var first = ShownAsync(authorization, leaver.Token);
        var others = Enumerable.Range(0, 20).Select(_ => ShownAsync(authorization)).ToArray();
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        source.Answer(new EntraToken("one", Start.AddHours(1), null));
        Assert.All(await Task.WhenAll(others), shown => Assert.Equal("Bearer one", shown));
        Assert.Equal(1, source.Calls);
    }

    [Fact]
    public async Task Token_NearItsEnd_ServesOnWhileItsSuccessorComes()
    {
        var (time, source) = (new Clock(), new Source());
        var authorization = new EntraTokenAuthorization(source, time);
        source.Answer(new EntraToken("one", Start.AddHours(1), null));
        await ShownAsync(authorization);

        time.Now = Start.AddMinutes(56);
        Assert.Equal("Bearer one", await ShownAsync(authorization));
        source.Answer(new EntraToken("two", Start.AddHours(2), null));
        var shown = "";
        for (var patience = 0; shown != "Bearer two" && patience < 10_000; patience++)
        {
            shown = await ShownAsync(authorization);
            await Task.Yield();
        }
        Assert.Equal("Bearer two", shown);
        Assert.Equal(2, source.Calls);
    }

    [Fact]
    public async Task Token_Refused_IsAnAuthorizationFailureWithoutTheIssuersWords()
    {
        var (time, source) = (new Clock(), new Source());
        var authorization = new EntraTokenAuthorization(source, time);
        source.Fail(new InvalidOperationException("client_secret=hush"));
        var fault = await Assert.ThrowsAsync<AuthorizationException>(() => ShownAsync(authorization));
        Assert.DoesNotContain("hush", fault.ToString(), StringComparison.Ordinal);
        // The next request tries again.
        source.Answer(new EntraToken("one", Start.AddHours(1), null));
        Assert.Equal("Bearer one", await ShownAsync(authorization));
    }

    [Fact]
    public async Task ClientSecret_IsSentToTheAuthorityAndItsTokenShown()
    {
        var handler = new TokenEndpoint("""{"token_type":"Bearer","expires_in":3599,"access_token":"tok"}""", HttpStatusCode.OK);
        using var client = new HttpClient(handler);
        var source = new EntraClientSecret("11111111-2222-3333-4444-555555555555", "app", "s3cret", new Uri("https://login.example.com"), new HttpClientTransport(client));
        Assert.Equal("Bearer tok", await ShownAsync(new EntraTokenAuthorization(source, TimeProvider.System)));
        var (address, form) = handler.Requests.Single(request => request.Form.Contains("client_secret", StringComparison.Ordinal));
        Assert.Equal("https://login.example.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token", address);
        Assert.Contains("client_secret=s3cret", form, StringComparison.Ordinal);
        Assert.Contains("scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientSecret_ThatIsWrong_IsAnAuthorizationFailure()
    {
        var handler = new TokenEndpoint("""{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: s3cret"}""", HttpStatusCode.Unauthorized);
        using var client = new HttpClient(handler);
        var source = new EntraClientSecret("11111111-2222-3333-4444-555555555555", "app", "s3cret", new Uri("https://login.example.com"), new HttpClientTransport(client));
        var fault = await Assert.ThrowsAsync<AuthorizationException>(() => ShownAsync(new EntraTokenAuthorization(source, TimeProvider.System)));
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MachineIdentity_NotAllowedByTheOperator_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<AuthorizationException>(() => ShownAsync(new EntraTokenAuthorization(new EntraMachineIdentity(isAllowed: false), TimeProvider.System)));
        Assert.Contains("Gateway__MachineIdentity", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ShownAsync(EntraTokenAuthorization authorization, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage();
        await authorization.ApplyAsync(request, null, cancellationToken);
        return request.Headers.GetValues("Authorization").Single();
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Source : IEntraTokenSource
    {
        private readonly System.Threading.Channels.Channel<Task<EntraToken>> answers = System.Threading.Channels.Channel.CreateUnbounded<Task<EntraToken>>();
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public void Answer(EntraToken token) => answers.Writer.TryWrite(Task.FromResult(token));

        public void Fail(Exception fault) => answers.Writer.TryWrite(Task.FromException<EntraToken>(fault));

        public async Task<EntraToken> FetchAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref calls);
            return await await answers.Reader.ReadAsync(cancellationToken);
        }
    }

    private sealed class TokenEndpoint(string body, HttpStatusCode status) : HttpMessageHandler
    {
        public List<(string Address, string Form)> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request.RequestUri!.AbsoluteUri, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
            return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
