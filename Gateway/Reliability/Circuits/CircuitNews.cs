using System.Threading.Channels;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>Changes of circuits on their way to the other gateways and to the books. Bounded: when nobody reads, the oldest are lost, and circuits work alone.</summary>
internal sealed class CircuitNews
{
    private const int Capacity = 1_024;

    private readonly Channel<CircuitNote> notes =
        Channel.CreateBounded<CircuitNote>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Brings a change.</summary>
    public void Tell(CircuitNote note) => notes.Writer.TryWrite(note);

    /// <summary>Takes the next change.</summary>
    public bool TryTake(out CircuitNote note) => notes.Reader.TryRead(out note);
}
