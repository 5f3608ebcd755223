using AspireGateway.Portal.Providers;

namespace AspireGateway.Portal.Tests.Providers;

/// <summary>Which addresses a provider may have.</summary>
public sealed class BaseAddressTests
{
    [Theory]
    [InlineData("https://api.openai.com/v1", true, true)]
    [InlineData("https://api.openai.com/v1/", true, true)]
    [InlineData("http://api.openai.com/v1", false, true)]
    [InlineData("https://10.0.0.1/v1", false, true)]
    [InlineData("https://172.16.5.4", false, true)]
    [InlineData("https://172.32.5.4", true, true)]
    [InlineData("https://192.168.1.1", false, true)]
    [InlineData("https://100.64.0.1", false, true)]
    [InlineData("https://127.0.0.1:8089", false, true)]
    [InlineData("https://2130706433/", false, true)]
    [InlineData("https://0x7f.1/", false, true)]
    [InlineData("http://[::1]:8000", false, true)]
    [InlineData("https://[::ffff:10.0.0.1]", false, true)]
    [InlineData("https://[fd12::1]", false, true)]
    [InlineData("http://localhost:11434/v1", false, true)]
    [InlineData("http://vllm:8000/v1", false, true)]
    [InlineData("https://llm.corp.internal", false, true)]
    [InlineData("http://169.254.169.254/latest", false, false)]
    [InlineData("https://[fe80::1]", false, false)]
    [InlineData("https://[::ffff:169.254.169.254]", false, false)]
    [InlineData("https://[fd00:ec2::254]", false, false)]
    [InlineData("http://metadata.google.internal/", false, false)]
    [InlineData("http://0.0.0.0:80", false, false)]
    [InlineData("ftp://example.org", false, false)]
    [InlineData("file:///etc/passwd", false, false)]
    [InlineData("api.openai.com/v1", false, false)]
    [InlineData("/v1", false, false)]
    [InlineData("https://user:pass@example.org", false, false)]
    [InlineData("https://example.org/v1?key=x", false, false)]
    [InlineData("https://acme.openai.azure.com?api-version=2025-04-01-preview", true, true)]
    [InlineData("https://acme.openai.azure.com/?api-version=2024-10-21&key=x", false, false)]
    [InlineData("https://acme.openai.azure.com/?api-version=", false, false)]
    [InlineData("https://example.org/#x", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void Address_AsPublicAndAsPrivateProvider_IsJudged(string? url, bool asPublic, bool asPrivate)
    {
        Assert.Equal(asPublic, BaseAddress.Check(url, isPrivate: false).Fault is null);
        Assert.Equal(asPrivate, BaseAddress.Check(url, isPrivate: true).Fault is null);
    }

    [Theory]
    [InlineData("https://a.example/v1", "https://A.example:443/v2", true)]
    [InlineData("https://a.example", "http://a.example", false)]
    [InlineData("https://a.example", "https://a.example:8443", false)]
    [InlineData("https://a.example", "https://a.example.evil.org", false)]
    public void Addresses_Compared_AreTheSameServerOrNot(string one, string other, bool same) => Assert.Equal(same, BaseAddress.SameServer(one, other));
}
