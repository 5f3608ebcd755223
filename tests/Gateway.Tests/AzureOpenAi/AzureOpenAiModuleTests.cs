using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.AzureOpenAi;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Tests.Bedrock;

namespace AspireGateway.Gateway.Tests.AzureOpenAi;

/// <summary>Addresses, credentials and failures of Azure OpenAI.</summary>
public sealed class AzureOpenAiModuleTests
{
    private const string Resource = "https://acme.openai.azure.com";
    private static readonly AzureOpenAiModule Module = new();

    [Theory]
    [InlineData(Resource, "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")]
    [InlineData(Resource + "/", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")]
    [InlineData(Resource + "/?api-version=2025-04-01-preview", "/openai/deployments/gpt-4o/chat/completions?api-version=2025-04-01-preview")]
    [InlineData(Resource + "?x=1&API-Version=2024-06-01", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01")]
    [InlineData(Resource + "?api-version=a%26b", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")]
    [InlineData(Resource + "/openai", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")]
    [InlineData(Resource + "/openai/v1", "/openai/v1/chat/completions")]
    [InlineData(Resource + "/openai/v1/?api-version=preview", "/openai/v1/chat/completions?api-version=preview")]
    [InlineData("https://gw.example.com/azure", "/azure/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")]
    public void Address_OfAChat_FollowsTheBaseUrl(string baseUrl, string expected)
    {
        var deployment = BedrockModuleTests.DeploymentOf("gpt-4o", "azure-openai", baseUrl);
        var target = Module.TargetOf(Operation.ChatCompletions, deployment, stream: false)!;
        Assert.Equal(expected, new ProviderClient(deployment.Provider).AddressOf(target.Path).PathAndQuery);
        Assert.Same(target, Module.TargetOf(Operation.ChatCompletions, deployment, stream: true));
    }

    [Fact]
    public void Address_OfEmbeddings_IsOfTheDeployment() => Assert.Equal(
        "/openai/deployments/embed-3/embeddings?api-version=2024-10-21",
        Module.TargetOf(Operation.Embeddings, BedrockModuleTests.DeploymentOf("embed-3", "azure-openai", Resource), stream: false)!.Path);

    [Fact]
    public void Operations_ThatAzureHas_AreOfTheDeployment()
    {
        var deployment = BedrockModuleTests.DeploymentOf("d1", "azure-openai", Resource);
        foreach (var (operation, path) in new[] { (Operation.ImageGenerations, "images/generations"), (Operation.Speech, "audio/speech"), (Operation.Transcriptions, "audio/transcriptions") })
        {
            Assert.NotNull(Module.DirectFor(operation));
            Assert.Equal($"/openai/deployments/d1/{path}?api-version=2024-10-21", Module.TargetOf(operation, deployment, stream: false)!.Path);
        }
        Assert.Null(Module.DirectFor(Operation.Moderations));
        Assert.Null(Module.DirectFor(Operation.Rerank));
        Assert.NotNull(Module.DirectFor(Operation.Responses));
        Assert.Equal("/openai/v1/responses", Module.TargetOf(Operation.Responses, deployment, stream: true)!.Path);
    }

    [Theory]
    [InlineData(Resource, "/openai/v1/responses")]
    [InlineData(Resource + "/openai", "/v1/responses")]
    [InlineData(Resource + "/openai/v1", "/responses")]
    public void Address_OfResponses_IsInV1(string baseUrl, string expected) => Assert.Equal(
        expected, new AzureAddresses(BedrockModuleTests.DeploymentOf("gpt-4o", "azure-openai", baseUrl)).Of(new UpstreamTarget("/responses"))!.Path);

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a?b")]
    [InlineData("a%2Fb")]
    public void Address_OfANameThatIsNoSegment_IsNone(string name) =>
        Assert.Null(Module.TargetOf(Operation.ChatCompletions, BedrockModuleTests.DeploymentOf(name, "azure-openai", Resource), stream: false));

    [Fact]
    public async Task Secret_ThatIsAKey_IsShownAsApiKey()
    {
        using var request = new HttpRequestMessage();
        await Module.Authorize(" k1 ", BedrockModuleTests.DeploymentOf("m", "azure-openai", Resource).Provider)!.ApplyAsync(request, null, TestContext.Current.CancellationToken);
        Assert.Equal("k1", request.Headers.GetValues("api-key").Single());
        Assert.False(request.Headers.Contains("Authorization"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"tenant_id":"t","client_id":"c"}""")]
    [InlineData("""{"tenant_id":"not a tenant/","client_id":"c","client_secret":"s"}""")]
    [InlineData("""{"tenant_id":"t","client_id":"c","client_secret":"s","authority_host":"http://169.254.169.254/"}""")]
    public void Secret_OfNoKnownForm_IsRefused(string secret) =>
        Assert.Null(Module.Authorize(secret, BedrockModuleTests.DeploymentOf("m", "azure-openai", Resource).Provider));

    [Fact]
    public void FilteredPrompt_IsToldApart()
    {
        var body = """
            {"error":{"inner_error":null,"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,
            "innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":true,"detected":true}}}}}
            """u8;
        var failure = Module.ReadFailure(new FailedReply { Status = 400, Body = body });
        Assert.Equal(("content_filter", false), (failure.Outcome, failure.TryNext));
        Assert.Equal((400, "content_filter", "prompt"), (failure.Refusal.Status, failure.Refusal.Code, failure.Refusal.Param));
        Assert.Contains("violence, jailbreak", failure.Refusal.Message, StringComparison.Ordinal);
        Assert.Equal("content_filter", Module.FailureIn("""{"error":{"code":"content_filter","message":"no"}}"""u8)!.Outcome);
    }

    [Theory]
    [InlineData(401, """{"error":{"code":"401","message":"Access denied due to invalid subscription key."}}""", "unauthorized")]
    [InlineData(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", "not_found")]
    [InlineData(429, """{"error":{"code":"429","message":"Requests have exceeded call rate limit."}}""", "rate_limited")]
    [InlineData(500, "", "server_error")]
    [InlineData(400, """{"error":"content_filter"}""", "rejected")]
    [InlineData(400, "{\"error\":", "rejected")]
    public void Failure_OfAnotherKind_IsOpenAis(int status, string body, string outcome) =>
        Assert.Equal(outcome, Module.ReadFailure(new FailedReply { Status = status, Body = Encoding.UTF8.GetBytes(body) }).Outcome);

    [Fact]
    public void FirstChunk_WithFilterResultsOnly_PassesOn()
    {
        var chunk = """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}"""u8;
        Assert.Null(Module.FailureIn(chunk));
        var facts = new ReplyFacts();
        Assert.Equal(StreamAction.Forward, Module.DirectFor(Operation.ChatCompletions)!.ReadEvent(chunk, facts, hideUsage: true).Action);
        Assert.Equal(0, facts.ContentEvents);
    }
}
