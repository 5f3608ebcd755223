namespace AspireGateway.Shared.Redis;

/// <summary>
/// Reads a reply element by element. It starts on the reply itself; <see cref="Read"/> moves on depth first: an array is met before its elements, an
/// inner array's elements come before what follows that array. For <c>[1, "a", [2]]</c> it stands on the array of three and then on 1, "a", the array
/// of one, 2. Valid until the call is disposed.
/// </summary>
public ref struct RespReader
{
    private readonly ReadOnlySpan<byte> data;
    private int next;

    /// <summary>Stands on the first element of whole, well-formed bytes; on nothing when there are none.</summary>
    internal RespReader(ReadOnlySpan<byte> data)
    {
        this.data = data;
        IsNull = true;
        Read();
    }

    /// <summary>What the current element is.</summary>
    public RespType Type { get; private set; }

    /// <summary>Whether it is a null bulk or array, or there is none.</summary>
    public bool IsNull { get; private set; }

    /// <summary>Its number; 0 when it is no integer.</summary>
#pragma warning disable CA1720 // the protocol's own word
    public long Integer { get; private set; }
#pragma warning restore CA1720

    /// <summary>The bytes of a bulk, or the text of a line or an error; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>How many elements the array has; 0 when it is none or null.</summary>
    public int ArrayLength { get; private set; }

    /// <summary>Moves to the next element, depth first.</summary>
    /// <returns>False behind the last one, where the current element stays.</returns>
    public bool Read()
    {
        if (RespHeader.TryRead(data[next..], out var header) != RespProgress.Complete) return false;
        var line = data.Slice(next + 1, header.Length - 3);
        next += header.Length;
        Type = header.Type;
        IsNull = header is { Type: RespType.Bulk or RespType.Array, Value: < 0 };
        Integer = 0;
        ArrayLength = 0;
        Bytes = default;
        switch (Type)
        {
            case RespType.Integer:
                Integer = header.Value;
                break;
            case RespType.Array:
                ArrayLength = (int)Math.Max(0, header.Value);
                break;
            case RespType.Bulk when !IsNull:
                Bytes = data.Slice(next, (int)header.Value);
                next += (int)header.Value + 2;
                break;
            case RespType.Simple or RespType.Error:
                Bytes = line;
                break;
        }
        return true;
    }

    /// <summary>Passes over all that is inside the current array, so that <see cref="Read"/> moves to what follows it.</summary>
    public void SkipArray()
    {
        for (long inside = ArrayLength; inside > 0 && Read(); inside--) inside += ArrayLength;
    }
}
