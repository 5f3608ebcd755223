using System.Threading.Channels;

namespace AspireGateway.Gateway.Content;

/// <summary>Texts that wait to be written. Bounded by the bytes of <see cref="ContentRoom"/>, which every capture in it holds.</summary>
internal sealed class ContentQueue
{
    // One of a single reader cannot say how many wait.
    private readonly Channel<ContentCapture> waiting = Channel.CreateUnbounded<ContentCapture>();
    private volatile bool isAway;

    /// <summary>Whether the last write failed: what must be kept is refused until one succeeds.</summary>
    public bool IsAway
    {
        get => isAway;
        set => isAway = value;
    }

    /// <summary>How many wait.</summary>
    public int Count => waiting.Reader.Count;

    /// <summary>Where they are taken out.</summary>
    public ChannelReader<ContentCapture> Reader => waiting.Reader;

    /// <summary>Adds one, which belongs to the queue from now on.</summary>
    public void Add(ContentCapture capture)
    {
        if (!waiting.Writer.TryWrite(capture)) capture.Dispose();
    }
}
