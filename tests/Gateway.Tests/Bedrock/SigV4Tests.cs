using System.Text;
using AspireGateway.Gateway.Providers.Authorizing;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Signature Version 4 against AWS's published examples and a signature computed by AWS's own Python library.</summary>
public sealed class SigV4Tests
{
    private const string Date = "20150830T123600Z";
    private static readonly string EmptyHash = SigV4.HashOf(default);

    [Theory]
    [InlineData("GET", "/", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/", "Param2=value2&Param1=value1", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("GET", "/\u1234", "", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    [InlineData("POST", "/", "", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void Signature_OfPublishedExamples_IsThePublishedOne(string method, string path, string query, string form, string expected)
    {
        List<(string, string)> headers = [("Host", "example.amazonaws.com"), ("X-Amz-Date", Date)];
        if (form.Length > 0) headers.Add(("Content-Type", "application/x-www-form-urlencoded"));
        var request = new SignedRequest(method, path, query, headers, SigV4.HashOf(Encoding.UTF8.GetBytes(form)));
        var key = SigV4.KeyOf("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "service");

        var signed = form.Length > 0 ? "content-type;host;x-amz-date" : "host;x-amz-date";
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signed}, Signature={expected}",
            SigV4.AuthorizationOf(request, "AKIDEXAMPLE", key, Date, "us-east-1", "service"));
    }

    [Fact]
    public void Canonical_HeadersAndQuery_AreSortedCollapsedAndEscaped()
    {
        var request = new SignedRequest(
            "GET", "/a%3Ab", "b=2&a=x%20y&a=&flag", [("My-Header2", "  a   b  "), ("My-Header1", "value2"), ("my-header1", "value1")], EmptyHash);
        Assert.Equal(
            $"GET\n/a%253Ab\na=&a=x%20y&b=2&flag=\nmy-header1:value2,value1\nmy-header2:a b\n\nmy-header1;my-header2\n{EmptyHash}",
            SigV4.CanonicalOf(request, out _));
    }

    [Fact]
    public async Task Request_ToBedrock_IsSignedAsAwsOwnLibraryDoes()
    {
        var body = """{"messages":[]}"""u8.ToArray();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "https://bedrock-runtime.eu-central-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var authorization = AwsSecret.Read(
            """{"access_key_id":"AKIDEXAMPLE","secret_access_key":"secret","session_token":"session/token="}""", "bedrock", request.RequestUri!, new FixedTime())!;

        await authorization.ApplyAsync(request, body, TestContext.Current.CancellationToken);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-central-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
            + "Signature=8d95da8e7b72aeae6fae5430a0630cc6859afe9d7f72324b976c1adaceee32df",
            request.Headers.GetValues("Authorization").Single());
        Assert.Equal("20261121T150000Z", request.Headers.GetValues("x-amz-date").Single());
        Assert.Equal("session/token=", request.Headers.GetValues("x-amz-security-token").Single());
    }

    [Fact]
    public async Task Request_WithoutBodyInMemory_IsSignedOverItsContent()
    {
        var body = "{}"u8.ToArray();
        var secret = """{"access_key_id":"A","secret_access_key":"s"}""";
        var given = await SignAsync(secret, body, body);
        Assert.Equal(given, await SignAsync(secret, body, null));
        Assert.NotEqual(given, await SignAsync(secret, "{ }"u8.ToArray(), null));
    }

    [Fact]
    public async Task Secret_InEachForm_IsShownAsItMust()
    {
        Assert.Equal("Bearer bedrock-api-key-x", await SignAsync("bedrock-api-key-x", [], default(ReadOnlyMemory<byte>)));
        Assert.Contains("/eu-west-3/bedrock/", await SignAsync("""{"access_key_id":"A","secret_access_key":"s","region":"eu-west-3"}""", [], default(ReadOnlyMemory<byte>)), StringComparison.Ordinal);
        foreach (var unusable in new[] { "", "  ", "{}", "{", """{"access_key_id":"A"}""", """{"chain":false}""", """{"access_key_id":1,"secret_access_key":2}""" })
            Assert.Null(AwsSecret.Read(unusable, "bedrock", new Uri("https://example.com"), TimeProvider.System));
    }

    [Fact]
    public async Task Chain_NotAllowedByTheOperator_IsRefused()
    {
        var authorization = AwsSecret.Read("""{"chain":true}""", "bedrock", new Uri("https://bedrock-runtime.us-west-2.amazonaws.com"), TimeProvider.System)!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://bedrock-runtime.us-west-2.amazonaws.com/model/m/converse");
        await Assert.ThrowsAsync<AuthorizationException>(async () => await authorization.ApplyAsync(request, null, TestContext.Current.CancellationToken));
        Assert.False(request.Headers.Contains("Authorization"));
    }

    [Fact]
    public async Task Chain_Allowed_FindsWhatTheMachineHas()
    {
        // The chain's first place. The process's environment is nobody else's here: no other test asks the chain.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIDCHAIN");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "s");
        Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", "t");
        try
        {
            var credential = await new AwsChainCredential(isAllowed: true).GetAsync(TestContext.Current.CancellationToken);
            Assert.Equal(new AwsCredential("AKIDCHAIN", "s", "t"), credential);
        }
        finally
        {
            Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", null);
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", null);
            Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", null);
        }
    }

    [Theory]
    [InlineData("bedrock-runtime.eu-central-1.amazonaws.com", "eu-central-1")]
    [InlineData("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1")]
    [InlineData("vpce-0a1b-2c3d.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com", "ap-southeast-2")]
    [InlineData("127.0.0.1", null)]
    [InlineData("localhost", null)]
    public void Region_InAHost_IsFound(string host, string? region) => Assert.Equal(region, AwsSecret.RegionOf(host));

    private static async Task<string> SignAsync(string secret, byte[] content, ReadOnlyMemory<byte>? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse") { Content = new ByteArrayContent(content) };
        await AwsSecret.Read(secret, "bedrock", request.RequestUri!, new FixedTime())!.ApplyAsync(request, body, TestContext.Current.CancellationToken);
        return request.Headers.GetValues("Authorization").Single();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 15, 0, 0, TimeSpan.Zero);
    }
}
