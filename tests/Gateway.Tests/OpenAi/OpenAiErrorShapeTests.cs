using System.Text;
using AspireGateway.Gateway.Providers.OpenAi;

namespace AspireGateway.Gateway.Tests.OpenAi;

/// <summary>Errors as vendors of this protocol write them, and what they mean.</summary>
public sealed class OpenAiErrorShapeTests
{
    [Theory]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","code":"context_length_exceeded","param":"messages"}}""", "context_length", "context_length_exceeded", "messages")]
    [InlineData(400, """{"object":"error","message":"This model's maximum context length is 4096 tokens","type":"BadRequestError","param":null,"code":400}""", "context_length", "context_length_exceeded", null)]
    [InlineData(422, """{"error":"Input validation error: too many tokens"}""", "context_length", "context_length_exceeded", null)]
    [InlineData(400, """{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error"}}""", "context_length", "context_length_exceeded", null)]
    [InlineData(400, """{"error":{"message":"Your prompt was flagged","code":"invalid_prompt"}}""", "content_filter", "content_filter", null)]
    [InlineData(400, """{"error":{"message":"x","code":"content_policy_violation"}}""", "content_filter", "content_filter", null)]
    [InlineData(400, """{"error":{"message":"Content Exists Risk"}}""", "content_filter", "content_filter", null)]
    [InlineData(422, """{"detail":[{"loc":["body","temperature"],"msg":"Input should be less than 2","type":"less_than"}]}""", "rejected", "invalid_request_error", "temperature")]
    [InlineData(422, """{"object":"error","message":{"detail":[{"loc":["body","top_k"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error"}""", "rejected", "invalid_request_error", "top_k")]
    [InlineData(400, """{"detail":"Bad tool"}""", "rejected", "invalid_request_error", null)]
    [InlineData(400, """[{"error":{"code":400,"message":"Bad field","status":"INVALID_ARGUMENT"}}]""", "rejected", "invalid_request_error", null)]
    [InlineData(400, """{"error":{"message":"x","code":"unsupported_parameter","param":"top_p"}}""", "rejected", "unsupported_parameter", "top_p")]
    [InlineData(404, """{"error":{"message":"no","code":"model_not_found"}}""", "not_found", "upstream_error", null)]
    [InlineData(400, """{"error":{"message":"no","code":"model_decommissioned"}}""", "not_found", "upstream_error", null)]
    [InlineData(429, """{"error":{"message":"quota","code":"insufficient_quota"}}""", "rate_limited", "rate_limit_exceeded", null)]
    [InlineData(402, """{"error":{"message":"Insufficient Balance"}}""", "rate_limited", "rate_limit_exceeded", null)]
    [InlineData(413, """{"error":{"message":"Request too large for model on tokens per minute","code":"rate_limit_exceeded"}}""", "rate_limited", "rate_limit_exceeded", null)]
    [InlineData(503, """{"error":{"message":"over capacity"}}""", "overloaded", "no_healthy_deployment", "model")]
    [InlineData(401, """{"error":{"message":"moderation"}}""", "unauthorized", "upstream_error", null)]
    public void Error_OfVendor_IsUnderstood(int status, string body, string outcome, string code, string? param)
    {
        var failure = OpenAiFailureReader.Read(status, null, Encoding.UTF8.GetBytes(body));

        Assert.Equal((outcome, code, param), (failure.Outcome, failure.Refusal.Code, failure.Refusal.Param));
    }

    [Theory]
    [InlineData("""{"error":{"message":"x","code":429}}""", "rate_limited")]
    [InlineData("""{"error":{"message":"x","type":"overloaded_error"}}""", "overloaded")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_is_overloaded","message":"x"}}}""", "overloaded")]
    [InlineData("""{"error":{"message":"x","code":"context_length_exceeded"}}""", "context_length")]
    [InlineData("""{"error":{"message":"x","code":502}}""", "server_error")]
    [InlineData("nonsense", "server_error")]
    public void Error_InAStream_HasItsOwnOutcome(string data, string outcome) =>
        Assert.Equal(outcome, OpenAiFailureReader.InStream(Encoding.UTF8.GetBytes(data)).Outcome);
}
