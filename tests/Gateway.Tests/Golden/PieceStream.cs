namespace AspireGateway.Gateway.Tests.Golden;

/// <summary>Gives one piece a read, as a network does.</summary>
internal sealed class PieceStream(IEnumerable<byte[]> pieces) : MemoryStream
{
    private readonly Queue<byte[]> pieces = new(pieces.Where(piece => piece.Length > 0));
    private int taken;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!pieces.TryPeek(out var piece)) return ValueTask.FromResult(0);
        var length = Math.Min(buffer.Length, piece.Length - taken);
        piece.AsMemory(taken, length).CopyTo(buffer);
        taken += length;
        if (taken == piece.Length)
        {
            pieces.Dequeue();
            taken = 0;
        }
        return ValueTask.FromResult(length);
    }
}
