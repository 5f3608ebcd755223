using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Bedrock;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Addresses, failures and embeddings of Bedrock.</summary>
public sealed class BedrockModuleTests
{
    private static readonly BedrockModule Module = new();

    [Theory]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12cd", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fab12cd/converse")]
    [InlineData("arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", "/model/arn%3Aaws-us-gov%3Abedrock%3Aus-gov-west-1%3A%3Afoundation-model%2Fanthropic.claude-3-haiku-20240307-v1%3A0/converse")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Adefault-prompt-router%2Fanthropic.claude%3A1/converse")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/../x", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/..", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/.", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a..b", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a/b", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model//a", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a%2Fb", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a?x=1", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a#x", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a\\b", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a\n", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a b", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/\u00e9", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/\uff0e\uff0e", null)]
    [InlineData("arn:aws:bedrock:us-east-1:12345678901:provisioned-model/a", null)]
    [InlineData("arn:aws:bedrock:us-east-1:\u0661\u0662\u0663456789012:provisioned-model/a", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:guardrail/a", null)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:../a", null)]
    [InlineData("arn:aws:bedrock:../../x:123456789012:provisioned-model/a", null)]
    [InlineData("arn:awsevil:bedrock:us-east-1:123456789012:provisioned-model/a", null)]
    [InlineData("arn:aws:sagemaker:us-east-1:123456789012:endpoint/a:bedrock:", null)]
    [InlineData("x/arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a", null)]
    [InlineData(" arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a", null)]
    [InlineData("ARN:AWS:BEDROCK:us-east-1:123456789012:provisioned-model/a", null)]
    [InlineData("arn:aws:s3:::bucket/x", null)]
    [InlineData("a/b", null)]
    [InlineData("a%2Fb", null)]
    [InlineData("..", null)]
    [InlineData("a?b", null)]
    public void Target_OfAModel_HoldsItAsOneSegment(string model, string? path)
    {
        var deployment = DeploymentOf(model);
        Assert.Equal(path, Module.TargetOf(Operation.ChatCompletions, deployment, stream: false)?.Path);
        Assert.Equal(path is null ? null : path + "-stream", Module.TargetOf(Operation.Messages, deployment, stream: true)?.Path);
        Assert.Equal(path?.Replace("/converse", "/invoke", StringComparison.Ordinal), Module.TargetOf(Operation.Embeddings, deployment, stream: false)?.Path);
        // It reaches the wire as it was written.
        if (path is not null) Assert.Equal(path, new Uri("https://bedrock-runtime.us-east-1.amazonaws.com" + path).PathAndQuery);
    }

    [Theory]
    [InlineData(400, "ValidationException", "Malformed input request.", "rejected", 400, "invalid_request_error", false)]
    [InlineData(400, "ValidationException", "Input is too long for requested model.", "context_length", 400, "context_length_exceeded", false)]
    [InlineData(400, "ValidationException:http://internal.amazon.com/coral/", "prompt is too long: 250000 tokens > 200000 maximum", "context_length", 400, "context_length_exceeded", false)]
    [InlineData(400, "ValidationException", "Output blocked by content filtering policy", "content_filter", 400, "content_filter", false)]
    [InlineData(400, "ValidationException", "The provided model identifier is invalid.", "not_found", 502, "upstream_error", true)]
    [InlineData(400, "ServiceQuotaExceededException", "Quota.", "rate_limited", 429, "rate_limit_exceeded", true)]
    [InlineData(429, "ThrottlingException", "Too many requests.", "rate_limited", 429, "rate_limit_exceeded", true)]
    [InlineData(429, "ModelNotReadyException", "The model is not ready.", "overloaded", 503, "no_healthy_deployment", true)]
    [InlineData(403, "AccessDeniedException", "You don't have access to the model.", "unauthorized", 502, "upstream_error", true)]
    [InlineData(403, "com.amazon.coral.service#UnrecognizedClientException", "The security token is invalid.", "unauthorized", 502, "upstream_error", true)]
    [InlineData(403, null, "Signature expired", "unauthorized", 502, "upstream_error", true)]
    [InlineData(404, "ResourceNotFoundException", "Could not resolve the foundation model.", "not_found", 502, "upstream_error", true)]
    [InlineData(408, "ModelTimeoutException", "Timed out.", "timeout", 504, "upstream_timeout", true)]
    [InlineData(424, "ModelErrorException", "The model failed.", "server_error", 502, "upstream_error", true)]
    [InlineData(500, "InternalServerException", "Oops", "server_error", 502, "upstream_error", true)]
    [InlineData(503, "ServiceUnavailableException", "Later", "overloaded", 503, "no_healthy_deployment", true)]
    [InlineData(503, null, null, "overloaded", 503, "no_healthy_deployment", true)]
    [InlineData(418, null, null, "rejected", 502, "upstream_error", false)]
    public void Failure_OfAnErrorReply_IsNamed(int status, string? type, string? message, string outcome, int shownStatus, string code, bool tryNext)
    {
        var body = Encoding.UTF8.GetBytes(message is null ? "<html>" : $$"""{"message":"{{message}}"}""");
        var failure = Module.ReadFailure(new FailedReply { Status = status, AmazonErrorType = type, RetryAfterSeconds = 7, Body = body });
        Assert.Equal((outcome, tryNext), (failure.Outcome, failure.TryNext));
        Assert.Equal((shownStatus, code), (failure.Refusal.Status, failure.Refusal.Code));
        if (shownStatus == 429) Assert.Equal(7, failure.Refusal.RetryAfterSeconds);
        if (shownStatus == 400) Assert.Contains(message!, failure.Refusal.Message, StringComparison.Ordinal);
        else if (message is not null) Assert.DoesNotContain(message, failure.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_WithItsTypeInTheBody_IsRead()
    {
        var body = """{"__type":"com.amazon.coral.availability#ThrottlingException","Message":"Slow down"}"""u8;
        Assert.Equal("rate_limited", Module.ReadFailure(new FailedReply { Status = 400, Body = body }).Outcome);
    }

    [Theory]
    [InlineData("amazon.titan-embed-text-v2:0", 1, 512, """{"inputText":"t0","dimensions":512}""", "")]
    [InlineData("amazon.titan-embed-text-v2:0", 1, 333, """{"inputText":"t0"}""", "dimensions")]
    [InlineData("amazon.titan-embed-text-v1", 1, 256, """{"inputText":"t0"}""", "dimensions")]
    [InlineData("cohere.embed-english-v3", 2, null, """{"texts":["t0","t1"],"input_type":"search_document","embedding_types":["float"]}""", "")]
    [InlineData("us.cohere.embed-v4:0", 1, 256, """{"texts":["t0"],"input_type":"search_document","embedding_types":["float"],"output_dimension":256}""", "")]
    [InlineData("amazon.titan-embed-text-v2:0", 2, null, null, "")]
    [InlineData("amazon.titan-embed-text-v2:0", 0, null, null, "")]
    [InlineData("cohere.embed-english-v3", 97, null, null, "")]
    public void Embeddings_Request_IsWrittenForTheModel(string model, int inputs, int? dimensions, string? expected, string dropped)
    {
        var request = new EmbeddingsRequest { Dimensions = dimensions };
        for (var i = 0; i < inputs; i++) request.Inputs.Add(JsonText.Of($"t{i}"));
        var names = new DroppedFields();
        var (refusal, body) = Embed(request, model, names);
        if (expected is null) Assert.Equal((400, "input"), (refusal!.Status, refusal.Param));
        else Assert.Equal(expected, body);
        Assert.Equal(dropped, names.ToString());
    }

    [Fact]
    public void Embeddings_OfTokenNumbers_AreRefused() =>
        Assert.Equal(400, Embed(new EmbeddingsRequest { HasTokenInputs = true }, "cohere.embed-english-v3", new DroppedFields()).Refusal!.Status);

    [Theory]
    [InlineData("""{"embedding":[0.5,-1e-3],"inputTextTokenCount":3,"embeddingsByType":{"float":[9]}}""", "0.5,-0.001", 3L)]
    [InlineData("""{"id":"x","embeddings":[[1,2],[3,4]],"response_type":"embeddings_floats","texts":["a","b"]}""", "1,2;3,4", null)]
    [InlineData("""{"embeddings":{"int8":[[1]],"float":[[0.25]]},"response_type":"embeddings_by_type"}""", "0.25", null)]
    [InlineData("""{"embeddings":["x"]}""", null, null)]
    [InlineData("""{"embedding":[1,"x"]}""", null, null)]
    [InlineData("""{"embedding":[1""", null, null)]
    [InlineData("""{"message":"no"}""", null, null)]
    [InlineData("[]", null, null)]
    public void Embeddings_Reply_IsRead(string body, string? vectors, long? tokens)
    {
        var reply = new EmbeddingsReply();
        Assert.Equal(vectors is not null, Module.Embeddings.TryReadReply(Encoding.UTF8.GetBytes(body), reply));
        if (vectors is not null) Assert.Equal(vectors, string.Join(';', reply.Vectors.Select(vector => string.Join(',', vector))));
        Assert.Equal(tokens is { } input ? new TokenUsage(input, 0, 0, 0, 0) : null, reply.Usage);
    }

    internal static DeploymentSnapshot DeploymentOf(string model, string protocol = "bedrock", string baseUrl = "https://bedrock-runtime.us-east-1.amazonaws.com") => new()
    {
        Id = Guid.CreateVersion7(),
        Name = "d",
        Provider = new ProviderSnapshot(
            Guid.CreateVersion7(), "p", protocol, new Uri(baseUrl), IsPrivate: false, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        UpstreamModel = model,
        IsEnabled = true,
        Prices = [],
    };

    private static (Refusal? Refusal, string Body) Embed(EmbeddingsRequest request, string model, DroppedFields dropped)
    {
        var body = new MemoryStream();
        using var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var refusal = Module.Embeddings.WriteRequest(request, DeploymentOf(model), writer, dropped);
        writer.Flush();
        return (refusal, Encoding.UTF8.GetString(body.ToArray()));
    }
}
