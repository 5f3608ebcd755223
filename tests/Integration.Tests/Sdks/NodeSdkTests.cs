namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>The official JavaScript SDKs, unmodified, against every provider: plain, streamed, tools, structured output, embeddings, errors, leaving.</summary>
public sealed class NodeSdkTests(EveryProviderFixture fixture) : IClassFixture<EveryProviderFixture>
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var script in (string[])["openai", "anthropic", "vercel"])
                foreach (var (protocol, _, _) in EveryProviderFixture.Providers) pairs.Add(script, protocol);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Sdk_OverEveryProvider_TellsItsStory(string script, string protocol)
    {
        var embeddings = EveryProviderFixture.Embedders.ContainsKey(protocol) ? "embed-on-" + protocol : "";

        var scenarios = await NodeSdks.RunAsync(script, fixture.Gateway.Address.ToString().TrimEnd('/'), fixture.World.Key, "on-" + protocol, embeddings);

        Assert.Empty(scenarios.Where(s => s.Error is not null).Select(s => $"{s.Name}: {s.Error}"));
        Assert.True(scenarios.Count >= 12, $"only {scenarios.Count} scenarios ran");
    }
}
