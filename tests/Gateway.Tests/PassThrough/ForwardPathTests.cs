using AspireGateway.Gateway.PassThrough;

namespace AspireGateway.Gateway.Tests.PassThrough;

public sealed class ForwardPathTests
{
    [Theory]
    [InlineData("/providers/sim/chat/completions", "https://api.example.com/v1", "https://api.example.com/v1/chat/completions")]
    [InlineData("/providers/sim/v1/chat/completions", "https://api.example.com/v1/", "https://api.example.com/v1/chat/completions")]
    [InlineData("/providers/sim/v1/v1/x", "https://api.example.com/v1", "https://api.example.com/v1/v1/x")]
    [InlineData("/providers/sim/v1beta/models/gemini-2.5-pro:generateContent?alt=sse&key=agw-x", "https://g.example.com/v1beta", "https://g.example.com/v1beta/models/gemini-2.5-pro:generateContent?alt=sse")]
    [InlineData("/providers/sim/model/a.b-v1%3A0/converse", "https://bedrock.example.com", "https://bedrock.example.com/model/a.b-v1%3A0/converse")]
    [InlineData("/providers/sim/files?%61pi_key=1&limit=2&KEY=3", "http://127.0.0.1:99", "http://127.0.0.1:99/files?limit=2")]
    [InlineData("/providers/sim/files/", "https://api.example.com", "https://api.example.com/files/")]
    public void Path_GoesBelowTheBaseUrl(string raw, string baseUrl, string address)
    {
        Assert.Null(ForwardPath.Read(raw, out var path));

        Assert.Equal("sim", path!.Provider);
        Assert.Equal(address, path.AddressAt(new Uri(baseUrl))!.AbsoluteUri);
    }

    [Theory]
    [InlineData("/providers/sim/../admin")]
    [InlineData("/providers/sim/./x")]
    [InlineData("/providers/sim/a/..")]
    [InlineData("/providers/sim/%2e%2e/admin")]
    [InlineData("/providers/sim/.%2E/admin")]
    [InlineData("/providers/sim/%252e%252e/admin")]
    [InlineData("/providers/sim/a%2fb")]
    [InlineData("/providers/sim/a%5Cb")]
    [InlineData("/providers/sim/a\\b")]
    [InlineData("/providers/sim/..;/admin")]
    [InlineData("/providers/sim//evil.example.com/x")]
    [InlineData("/providers/sim/a//b")]
    [InlineData("/providers/sim/a%00b")]
    [InlineData("/providers/sim/a%0d%0ab")]
    [InlineData("/providers/sim/a%c0%afb")]
    [InlineData("/providers/sim/a%2")]
    [InlineData("/providers/sim/a%zz")]
    [InlineData("/providers/sim/a#b")]
    [InlineData("/providers/sim/a?b=c#d")]
    [InlineData("/providers/sim/a?b=c d")]
    [InlineData("/providers/sim/ü")]
    [InlineData("/providers/sim")]
    [InlineData("/providers/sim/")]
    [InlineData("/providers//x")]
    [InlineData("/x/../providers/sim/y")]
    [InlineData("http://other.example.com/providers/sim/x")]
    public void Path_ThatReadersCouldTakeDifferently_IsRefused(string raw) => Assert.NotNull(ForwardPath.Read(raw, out _));

    [Fact]
    public void Path_NeedlesslyEscaped_HasNoAddress()
    {
        Assert.Null(ForwardPath.Read("/providers/sim/%41dmin", out var path));

        Assert.Null(path!.AddressAt(new Uri("https://api.example.com/v1")));
    }

    [Theory]
    [InlineData("/providers/p/chat/completions", "m", new[] { "m" }, true)]
    [InlineData("/providers/p/v1/files", "m", new[] { "m" }, false)]
    [InlineData("/providers/p/v1/files", null, new string[0], false)]
    [InlineData("/providers/p/v1beta/models/g-1:streamGenerateContent", null, new[] { "g-1" }, true)]
    [InlineData("/providers/p/models/g-1", null, new[] { "g-1" }, false)]
    [InlineData("/providers/p/model/a%3A0/converse-stream", null, new[] { "a:0" }, true)]
    [InlineData("/providers/p/openai/deployments/d/chat/completions", "m", new[] { "d", "m" }, true)]
    [InlineData("/providers/p/realtime?model=r", null, new[] { "r" }, true)]
    [InlineData("/providers/p/realtime?model=r&model=s", null, new[] { "r", "s" }, false)]
    public void Models_AreFoundWhereTheProviderReadsThem(string raw, string? inBody, string[] names, bool isInference)
    {
        Assert.Null(ForwardPath.Read(raw, out var path));

        Assert.Equal(names, NamedModels.In(path!, inBody, out var found));
        Assert.Equal(isInference, found);
    }
}
