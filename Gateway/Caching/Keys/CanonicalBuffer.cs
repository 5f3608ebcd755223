using System.Buffers;
using System.Globalization;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>Bytes that say one thing in one way only, kept by each thread for its next request: making a key never waits. Wiped after use, because it held somebody's words.</summary>
internal sealed class CanonicalBuffer : IDisposable
{
    private const int Usual = 8 * 1024, MostKept = 256 * 1024;

    [ThreadStatic]
    private static CanonicalBuffer? kept;

    private byte[] bytes = new byte[Usual];
    private bool isTaken;

    private CanonicalBuffer()
    {
    }

    /// <summary>How many were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public Span<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>The properties of the objects that are being written, outermost first.</summary>
    public List<CanonicalProperty> Properties { get; } = [];

    /// <summary>The thread's own, or one of its own for whoever is called by its user.</summary>
    public static CanonicalBuffer Take()
    {
        var mine = kept ??= new CanonicalBuffer();
        if (mine.isTaken) mine = new CanonicalBuffer();
        mine.isTaken = true;
        return mine;
    }

    /// <summary>Room for so many more bytes.</summary>
    public Span<byte> Room(int count)
    {
        if (bytes.Length - Length < count)
        {
            var larger = new byte[Math.Max(checked(Length + count), bytes.Length * 2)];
            Written.CopyTo(larger);
            Written.Clear();
            bytes = larger;
        }
        return bytes.AsSpan(Length);
    }

    /// <summary>Counts bytes as written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Takes back what was written last.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>Writes a mark.</summary>
    public void Mark(char mark)
    {
        Room(1)[0] = (byte)mark;
        Length++;
    }

    /// <summary>Writes bytes with their length in front, so that nothing can be taken for what follows.</summary>
    public void Text(ReadOnlySpan<byte> value)
    {
        Head(value.Length);
        value.CopyTo(Room(value.Length));
        Length += value.Length;
    }

    /// <summary>The same of text, in UTF-8; null is another thing than the empty text.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Mark('z');
            return;
        }
        var count = System.Text.Encoding.UTF8.GetByteCount(value);
        Head(count);
        Length += System.Text.Encoding.UTF8.GetBytes(value, Room(count));
    }

    /// <summary>Writes an id.</summary>
    public void Id(Guid id)
    {
        id.TryWriteBytes(Room(16));
        Length += 16;
    }

    /// <summary>Puts the properties of an object from one place on into the order of their names.</summary>
    /// <param name="first">The first property in <see cref="Properties"/>.</param>
    public void Sort(int first)
    {
        var mine = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Properties)[first..];
        if (mine.Length < 2) return;
        var order = new ByName(bytes);
        var isSorted = true;
        for (var i = 1; i < mine.Length && isSorted; i++) isSorted = order.Compare(mine[i - 1], mine[i]) <= 0;
        if (isSorted) return;
        var (start, end) = (mine[0].Start, mine[^1].End);
        var copy = ArrayPool<byte>.Shared.Rent(end - start);
        bytes.AsSpan(start, end - start).CopyTo(copy);
        mine.Sort(order);
        var at = start;
        foreach (ref readonly var property in mine)
        {
            var length = property.End - property.Start;
            copy.AsSpan(property.Start - start, length).CopyTo(bytes.AsSpan(at));
            at += length;
        }
        copy.AsSpan(0, end - start).Clear();
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>Wipes it for the next request.</summary>
    public void Dispose()
    {
        if (bytes.Length > MostKept) bytes = new byte[Usual];
        else Written.Clear();
        Length = 0;
        Properties.Clear();
        isTaken = false;
    }

    private void Head(int length)
    {
        Mark('s');
        length.TryFormat(Room(11), out var digits, default, CultureInfo.InvariantCulture);
        Length += digits;
        Mark(':');
    }

    // Of the same name, the one that came first stays first: readers differ on which of two counts.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly struct ByName(byte[] bytes) : IComparer<CanonicalProperty>
    {
        public int Compare(CanonicalProperty x, CanonicalProperty y)
        {
            var names = bytes.AsSpan(x.Start, x.NameEnd - x.Start).SequenceCompareTo(bytes.AsSpan(y.Start, y.NameEnd - y.Start));
            return names != 0 ? names : x.Start.CompareTo(y.Start);
        }
    }
}

/// <summary>Where a property of an object stands in a <see cref="CanonicalBuffer"/>.</summary>
/// <param name="Start">Where its name begins.</param>
/// <param name="NameEnd">Behind its name, where its value begins.</param>
/// <param name="End">Behind its value.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct CanonicalProperty(int Start, int NameEnd, int End);
