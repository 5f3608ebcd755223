namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Payloads of closings that go to Postgres together, in one buffer that is used again.</summary>
internal sealed class JournalBatch(int maxBytes)
{
    private const int MaxRecords = 4096;

    private readonly List<(int At, int Length)> entries = [];
    private byte[] bytes = new byte[64 * 1024];
    private int used;

    /// <summary>Records in it.</summary>
    public int Count => entries.Count;

    /// <summary>True when no more should be added.</summary>
    public bool IsFull => used >= maxBytes || entries.Count >= MaxRecords;

    /// <summary>The payload at an index.</summary>
    public ReadOnlySpan<byte> this[int index] => bytes.AsSpan(entries[index].At, entries[index].Length);

    /// <summary>Copies a payload in.</summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        if (used + payload.Length > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + payload.Length));
        payload.CopyTo(bytes.AsSpan(used));
        entries.Add((used, payload.Length));
        used += payload.Length;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        entries.Clear();
        used = 0;
    }
}
