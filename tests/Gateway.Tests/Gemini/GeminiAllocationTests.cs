using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>A stream of words costs no memory, however long it is.</summary>
public sealed class GeminiAllocationTests
{
    [Theory]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"more \"words\"\n"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":7,"totalTokenCount":12},"modelVersion":"gemini-2.5-flash","responseId":"3vJ0aK_VHcyvmtkPz9vGuQ4"}""")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"thoughts","thought":true}]}}],"modelVersion":"gemini-2.5-flash"}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"second"}],"role":"model"},"index":1}]}""")]
    public void StreamReader_MoreWords_AllocatesNothing(string json)
    {
        var data = System.Text.Encoding.UTF8.GetBytes(json);
        var sink = new Counter();
        var reader = ProviderModules.Find("gemini")!.Chat!.OpenStream();
        for (var i = 0; i < 200; i++) Assert.Equal(StreamStep.More, reader.Read(data, sink));

        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) reader.Read(data, sink);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(700, sink.Deltas);
    }

    private sealed class Counter : IReplySink
    {
        public int Deltas { get; private set; }

        public void Take(in ReplyEvent replyEvent)
        {
            if (replyEvent.Kind == ReplyEventKind.Delta) Deltas++;
        }
    }
}
