using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Providers;

/// <summary>What a provider of the same dialect gets: the caller's bytes with only the changed fields rewritten.</summary>
public sealed class OpenAiRequestGoldenTests
{
    private static readonly byte[] UpstreamModel = Encoding.UTF8.GetBytes("\"up/stream \\u0022x\\u0022\"");

    public static TheoryData<string> Cases => [.. GoldenCases.In("OpenAiRequests", "json")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Request_ForOpenAi_EqualsGolden(string name)
    {
        var body = GoldenCases.Read("OpenAiRequests", name, "in", "json");
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        using var facts = new RequestFacts(rented, body.Length);
        Assert.Null(RequestFactsReader.Read(facts, Operation.ChatCompletions, 64));

        using var content = new SplicedContent(facts, OpenAiRequestWriter.Edit(facts, UpstreamModel));
        var sent = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Encoding.UTF8.GetString(GoldenCases.Read("OpenAiRequests", name, "out", "json")), Encoding.UTF8.GetString(sent));
        Assert.Equal(sent.Length, content.Headers.ContentLength);
    }

    [Fact]
    public void Buffer_StillBeingSent_IsNotGivenToTheNextRequest()
    {
        // A size of its own, so that no other test rents from the same bucket in between.
        const int Size = 3_000_000;
        var sending = ArrayPool<byte>.Shared.Rent(Size);
        var facts = new RequestFacts(sending, Size);
        facts.BeginSending();
        facts.Dispose();
        facts.EndSending();

        Assert.NotSame(sending, ArrayPool<byte>.Shared.Rent(Size));

        var done = ArrayPool<byte>.Shared.Rent(Size);
        new RequestFacts(done, Size).Dispose();
        Assert.Same(done, ArrayPool<byte>.Shared.Rent(Size));
    }
}
