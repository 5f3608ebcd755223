using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Errors of the provider become outcomes, and refusals become errors that Anthropic's clients understand.</summary>
public sealed class AnthropicErrorTests
{
    [Theory]
    [InlineData(400, "invalid_request_error", "messages.1.content: Field required", "rejected", false, 400, "invalid_request_error")]
    [InlineData(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum", "context_length", false, 400, "context_length_exceeded")]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", "context_length", false, 400, "context_length_exceeded")]
    [InlineData(400, "invalid_request_error", "Output blocked by content filtering policy", "content_filter", false, 400, "content_filter")]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", "unauthorized", true, 502, "upstream_error")]
    [InlineData(401, "authentication_error", "invalid x-api-key", "unauthorized", true, 502, "upstream_error")]
    [InlineData(402, "billing_error", "pay", "unauthorized", true, 502, "upstream_error")]
    [InlineData(403, "permission_error", "no", "unauthorized", true, 502, "upstream_error")]
    [InlineData(404, "not_found_error", "model: claude-9", "not_found", true, 502, "upstream_error")]
    [InlineData(413, "request_too_large", "Request exceeds the maximum size", "rejected", false, 413, "request_too_large")]
    [InlineData(429, "rate_limit_error", "slow", "rate_limited", true, 429, "rate_limit_exceeded")]
    [InlineData(500, "api_error", "Internal server error", "server_error", true, 502, "upstream_error")]
    [InlineData(504, "timeout_error", "late", "timeout", true, 504, "upstream_timeout")]
    [InlineData(529, "overloaded_error", "Overloaded", "overloaded", true, 503, "no_healthy_deployment")]
    [InlineData(418, "teapot", "x", "rejected", false, 502, "upstream_error")]
    public void Error_OfTheProvider_BecomesAnOutcome(int status, string type, string message, string outcome, bool tryNext, int shown, string code)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_1"}""");
        var failure = new AnthropicModule().ReadFailure(new FailedReply { Status = status, Body = body, RetryAfterSeconds = 7 });

        Assert.Equal((outcome, tryNext), (failure.Outcome, failure.TryNext));
        Assert.Equal((shown, code), (failure.Refusal.Status, failure.Refusal.Code));
        Assert.Equal(status == 429 ? 7 : null, failure.Refusal.RetryAfterSeconds);
        if (status == 418) return;

        // The same inside a stream, where there is no status.
        var inStream = new AnthropicModule().FailureIn(body)!;
        Assert.Equal((outcome, code), (inStream.Outcome, inStream.Refusal.Code));
    }

    [Fact]
    public void Error_WithASecret_IsShownWithoutIt()
    {
        var failure = new AnthropicModule().ReadFailure(new FailedReply
        {
            Status = 400, Body = """{"type":"error","error":{"type":"invalid_request_error","message":"tools.0: bad key sk-ant-api03-abcdefgh at https://internal.example/x"}}"""u8,
        });

        Assert.Equal("The provider rejected the request: tools.0: bad key [secret] at [secret]", failure.Refusal.Message);
        Assert.Equal("tools.0", failure.Refusal.Param);
    }

    [Theory]
    [InlineData("""{"type":"message_start","message":{}}""", false)]
    [InlineData("""{"type":"ping"}""", false)]
    [InlineData("""{"type":"something_new"}""", false)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"x"}}""", true)]
    [InlineData("[DONE]", true)]
    [InlineData("""{"choices":[]}""", true)]
    [InlineData("", true)]
    public void FirstEvent_ThatPromisesNoAnswer_IsAFailure(string data, bool fails) =>
        Assert.Equal(fails, new AnthropicModule().FailureIn(Encoding.UTF8.GetBytes(data)) is not null);

    [Fact]
    public void Refusals_OfEveryStatus_HaveTheirWord()
    {
        (Refusal Refusal, string Type)[] cases =
        [
            (Refusal.InvalidRequest("m"), "invalid_request_error"), (Refusal.InvalidKey("m"), "authentication_error"),
            (Refusal.RejectedByProvider(402, "budget_exceeded", "m", null), "billing_error"), (Refusal.ModelNotAllowed("m"), "permission_error"),
            (Refusal.ModelNotFound("m"), "not_found_error"), (Refusal.MethodNotAllowed("m", "POST"), "invalid_request_error"), (Refusal.TooLarge("m"), "request_too_large"),
            (Refusal.RateLimited("m", 1), "rate_limit_error"), (Refusal.Internal("r"), "api_error"), (Refusal.UpstreamError("m"), "api_error"),
            (Refusal.NoHealthyDeployment("m"), "overloaded_error"), (Refusal.UpstreamTimeout("m"), "timeout_error"),
        ];
        foreach (var (refusal, type) in cases)
        {
            var output = new ArrayBufferWriter<byte>();
            new AnthropicReplyDialect().WriteStreamError(output, refusal, "req \"1\"");
            Assert.Equal(
                $$$"""
                event: error
                data: {"type":"error","error":{"type":"{{{type}}}","message":"{{{refusal.Message}}}"},"request_id":"req \"1\""}


                """.ReplaceLineEndings("\n"),
                Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }
}
