using System.Text;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Google's errors become the closed list of outcomes, and what they leave out of the message.</summary>
public sealed class GeminiFailureReaderTests
{
    [Theory]
    [InlineData(400, "INVALID_ARGUMENT", "Unknown name \"foo\"", null, "rejected", false, 400, "invalid_request_error")]
    [InlineData(400, "INVALID_ARGUMENT", "The input token count (1091639) exceeds the maximum number of tokens allowed (1048576).", null, "context_length", false, 400, "context_length_exceeded")]
    [InlineData(400, "INVALID_ARGUMENT", "Unable to submit request because the input token count is 40000 but model only supports up to 32768. Reduce the input token count and try again.", null, "context_length", false, 400, "context_length_exceeded")]
    [InlineData(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID", "unauthorized", true, 502, "upstream_error")]
    [InlineData(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", null, "unauthorized", true, 502, "upstream_error")]
    [InlineData(400, "INVALID_ARGUMENT", "The prompt could not be submitted. It contains sensitive words that violate Google's Responsible AI practices.", null, "content_filter", false, 400, "content_filter")]
    [InlineData(400, "FAILED_PRECONDITION", "User location is not supported for the API use.", null, "rejected", true, 502, "upstream_error")]
    [InlineData(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "ACCESS_TOKEN_EXPIRED", "unauthorized", true, 502, "upstream_error")]
    [InlineData(403, "PERMISSION_DENIED", "Permission denied on resource project p.", null, "unauthorized", true, 502, "upstream_error")]
    [InlineData(404, "NOT_FOUND", "models/x is not found", null, "not_found", true, 502, "upstream_error")]
    [InlineData(413, null, "Too large", null, "rejected", false, 413, "request_too_large")]
    [InlineData(429, "RESOURCE_EXHAUSTED", "Quota exceeded", null, "rate_limited", true, 429, "rate_limit_exceeded")]
    [InlineData(500, "INTERNAL", "An internal error has occurred.", null, "server_error", true, 502, "upstream_error")]
    [InlineData(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", null, "overloaded", true, 503, "no_healthy_deployment")]
    [InlineData(504, "DEADLINE_EXCEEDED", "The request timed out.", null, "timeout", true, 504, "upstream_timeout")]
    [InlineData(418, null, "?", null, "rejected", false, 502, "upstream_error")]
    public void Error_Read_HasOutcome(int status, string? word, string message, string? reason, string outcome, bool tryNext, int shownStatus, string code)
    {
        var details = reason is null ? "" : $$""","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{reason}}","domain":"googleapis.com"}]""";
        var named = word is null ? "" : $",\"status\":\"{word}\"";
        var error = $$$"""{"error":{"code":{{{status}}},"message":{{{System.Text.Json.JsonSerializer.Serialize(message)}}}{{{named}}}{{{details}}} }}""";
        foreach (var body in new[] { error, $"[{error}\n]" })
        {
            var failure = Read(status, body);
            Assert.Equal((outcome, tryNext, shownStatus, code), (failure.Outcome, failure.TryNext, failure.Refusal.Status, failure.Refusal.Code));
        }
    }

    [Theory]
    [InlineData("34s", null, 34)]
    [InlineData("34.074824224s", null, 35)]
    [InlineData("34s", 7, 7)]
    [InlineData("soon", null, 5)]
    [InlineData("99999999s", null, 5)]
    public void RateLimit_Read_KeepsRetryAfter(string delay, int? header, int expected)
    {
        var body = $$"""{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"x"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{delay}}"}]} }""";
        Assert.Equal(expected, Read(429, body, header).Refusal.RetryAfterSeconds);
    }

    [Fact]
    public void Message_WithKeyAndAddress_IsShownWithoutThem()
    {
        var message = Read(400, """{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Bad field near AIzaSyA1234567890abcdefg at https://internal.example/x"}}""").Refusal.Message;
        Assert.Contains("Bad field", message, StringComparison.Ordinal);
        Assert.DoesNotContain("AIza", message, StringComparison.Ordinal);
        Assert.DoesNotContain("internal.example", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{\"error\":\"no\"}")]
    [InlineData("{\"error\":{\"message\":\"\\ud800\"}}")]
    [InlineData("{\"error\":{\"details\":{},\"message\":[]}}")]
    public void StrangeBody_Read_StillHasOutcome(string body) => Assert.Equal("server_error", Read(500, body).Outcome);

    private static ProviderFailure Read(int status, string body, int? retryAfter = null) =>
        ProviderModules.Find("gemini")!.ReadFailure(new FailedReply { Status = status, RetryAfterSeconds = retryAfter, Body = Encoding.UTF8.GetBytes(body) });
}
