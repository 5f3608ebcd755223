using System.Text;
using AspireGateway.Gateway.Providers.OpenAi;

namespace AspireGateway.Gateway.Tests.Providers;

public sealed class OpenAiFailureReaderTests
{
    [Theory]
    [InlineData(400, "rejected", false, 400, "invalid_request_error")]
    [InlineData(422, "rejected", false, 400, "invalid_request_error")]
    [InlineData(413, "rejected", false, 413, "request_too_large")]
    [InlineData(401, "unauthorized", true, 502, "upstream_error")]
    [InlineData(403, "unauthorized", true, 502, "upstream_error")]
    [InlineData(404, "not_found", true, 502, "upstream_error")]
    [InlineData(408, "timeout", true, 504, "upstream_timeout")]
    [InlineData(429, "rate_limited", true, 429, "rate_limit_exceeded")]
    [InlineData(500, "server_error", true, 502, "upstream_error")]
    [InlineData(503, "overloaded", true, 503, "no_healthy_deployment")]
    [InlineData(529, "overloaded", true, 503, "no_healthy_deployment")]
    [InlineData(302, "rejected", false, 502, "upstream_error")]
    public void Status_DecidesWhoseFaultItIs(int status, string outcome, bool tryNext, int shownStatus, string code)
    {
        var failure = OpenAiFailureReader.Read(status, null, "<html>gateway timeout</html>"u8);

        Assert.Equal((outcome, tryNext, shownStatus, code), (failure.Outcome, failure.TryNext, failure.Refusal.Status, failure.Refusal.Code));
        Assert.DoesNotContain("html", failure.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RejectedRequest_KeepsTheProvidersAdvice()
    {
        var failure = OpenAiFailureReader.Read(400, null, """{"error":{"message":"'temperature' must be at most 2.","code":"context_length_exceeded","param":"temperature"}}"""u8);

        Assert.Equal("The provider rejected the request: 'temperature' must be at most 2.", failure.Refusal.Message);
        Assert.Equal("context_length_exceeded", failure.Refusal.Code);
        Assert.Equal("temperature", failure.Refusal.Param);
    }

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abc123def456. See https://internal.example/keys")]
    [InlineData("token Bearer abcdefghijkl is bad at http://10.0.0.5:8000/v1")]
    public void RejectedRequest_LosesSecretsAndAddresses(string message)
    {
        var failure = OpenAiFailureReader.Read(400, null, Encoding.UTF8.GetBytes("{\"error\":{\"message\":\"" + message + "\"}}"));

        Assert.Contains("[secret]", failure.Refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", failure.Refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("://", failure.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RateLimit_KeepsTheProvidersWait() =>
        Assert.Equal(17, OpenAiFailureReader.Read(429, 17, default).Refusal.RetryAfterSeconds);
}
