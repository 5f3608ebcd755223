using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Gemini;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Addresses and credentials of both APIs, and what models' names tell.</summary>
public sealed class GoogleModulesTests
{
    [Theory]
    [InlineData("gemini", false, "/models/gemini-2.5-flash:generateContent")]
    [InlineData("gemini", true, "/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("vertex", false, "/publishers/google/models/gemini-2.5-flash:generateContent")]
    [InlineData("vertex", true, "/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    public void Chat_OfAnyDialect_GoesToTheModel(string protocol, bool stream, string path)
    {
        var deployment = Deployments.Of("gemini-2.5-flash", protocol);
        foreach (var operation in new[] { Operation.ChatCompletions, Operation.Responses, Operation.Messages })
        {
            Assert.Equal(path, ProviderModules.Find(protocol)!.TargetOf(operation, deployment, stream)?.Path);
            Assert.Null(ProviderModules.Find(protocol)!.DirectFor(operation));
        }
    }

    [Theory]
    [InlineData("gemini", "/models/gemini-embedding-001:batchEmbedContents")]
    [InlineData("vertex", "/publishers/google/models/gemini-embedding-001:predict")]
    public void Embeddings_GoToTheModel(string protocol, string path) =>
        Assert.Equal(path, ProviderModules.Find(protocol)!.TargetOf(Operation.Embeddings, Deployments.Of("gemini-embedding-001", protocol), stream: false)?.Path);

    [Theory]
    [InlineData("tunedModels/mine")]
    [InlineData("models/gemini-2.5-flash")]
    [InlineData("..")]
    [InlineData("a?b")]
    [InlineData("a%2fb")]
    [InlineData("a#b")]
    [InlineData("")]
    public void ModelName_ThatIsNoSegment_HasNoAddress(string model)
    {
        foreach (var protocol in new[] { "gemini", "vertex" })
            Assert.Null(ProviderModules.Find(protocol)!.TargetOf(Operation.ChatCompletions, Deployments.Of(model, protocol), stream: false));
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("vertex")]
    public async Task ApiKey_IsShownInItsHeader(string protocol)
    {
        var module = ProviderModules.Find(protocol)!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.com");

        await module.Authorize(" AIzaSecret\n", Deployments.Provider(protocol))!.ApplyAsync(request, null, TestContext.Current.CancellationToken);

        Assert.Equal(["AIzaSecret"], request.Headers.GetValues("x-goog-api-key"));
        Assert.Null(request.Headers.Authorization);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", 2, 5, true, false)]
    [InlineData("gemini-2.0-flash-001", 2, 0, false, false)]
    [InlineData("gemini-3-pro-preview", 3, 0, true, true)]
    [InlineData("gemini-3.1-flash-lite", 3, 1, true, true)]
    [InlineData("gemini-flash-latest", 0, 0, true, false)]
    [InlineData("gemma-3-27b-it", 0, 0, false, false)]
    [InlineData("something", 0, 0, true, false)]
    public void Family_OfName_IsKnown(string model, int major, int minor, bool thinks, bool hasLevels)
    {
        var family = GeminiModelFamily.Of(model);
        Assert.Equal((major, minor, thinks, hasLevels), (family.Major, family.Minor, family.Thinks, family.HasThinkingLevels));
    }
}
