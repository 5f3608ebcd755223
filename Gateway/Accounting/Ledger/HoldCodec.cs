using System.Buffers.Binary;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>Writes what the scripts read: a hold's spec in MessagePack (the specification's formats str 8/16, array, float 64), and whole hold values.</summary>
internal static class HoldCodec
{
    private const int MaxPerMeter = 3 + 2 * 9;

    [ThreadStatic]
    private static byte[]? scratch;

    /// <summary>The spec <c>[[field ...], [parameter, parameter ...]]</c>, valid until this thread writes the next one.</summary>
    public static ReadOnlySpan<byte> Spec(Meter[] meters)
    {
        var room = 16;
        foreach (var meter in meters) room += meter.Field.Length + MaxPerMeter;
        if (scratch is null || scratch.Length < room) scratch = new byte[Math.Max(room, 2048)];
        var target = scratch.AsSpan();
        target[0] = 0x92;
        var at = 1 + ArrayHeader(target[1..], meters.Length);
        foreach (var meter in meters) at += Text(target[at..], meter.Field);
        at += ArrayHeader(target[at..], meters.Length * 2);
        foreach (var meter in meters)
        {
            at += Number(target[at..], meter.First);
            at += Number(target[at..], meter.Second);
        }
        return target[..at];
    }

    /// <summary>The value of a hold as <c>reserve.lua</c> writes it, for a ledger that is opened anew.</summary>
    public static byte[] Value(Hold hold, Guid instance)
    {
        var spec = Spec(hold.Meters);
        var value = new byte[LedgerHold.HeadBytes + spec.Length + hold.Record.Length];
        BinaryPrimitives.WriteDoubleLittleEndian(value, hold.CostNanoUsd);
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(8), hold.Terms.Tokens);
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(16), hold.Terms.EstimatedNanoUsd);
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(24), hold.Terms.Tokens);
        instance.TryWriteBytes(value.AsSpan(32), bigEndian: true, out _);
        // Flag: it outlived a rebuild.
        value[48] = 1;
        spec.CopyTo(value.AsSpan(LedgerHold.HeadBytes));
        hold.Record.CopyTo(value, LedgerHold.HeadBytes + spec.Length);
        return value;
    }

    /// <summary>The record behind a hold's spec; empty when there is none, or the value is not whole.</summary>
    public static ReadOnlySpan<byte> RecordOf(ReadOnlySpan<byte> value)
    {
        // As Spec writes it: an array of two, fields as str 16, parameters as float 64.
        var at = LedgerHold.HeadBytes + 1;
        if (value.Length < at + 3) return default;
        var fields = BinaryPrimitives.ReadUInt16BigEndian(value[(at + 1)..]);
        at += 3;
        for (var i = 0; i < fields; i++)
        {
            if (value.Length < at + 3) return default;
            at += 3 + BinaryPrimitives.ReadUInt16BigEndian(value[(at + 1)..]);
        }
        if (value.Length < at + 3) return default;
        at += 3 + BinaryPrimitives.ReadUInt16BigEndian(value[(at + 1)..]) * 9;
        return at <= value.Length ? value[at..] : default;
    }

    private static int ArrayHeader(Span<byte> target, int count)
    {
        target[0] = 0xdc;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)count);
        return 3;
    }

    private static int Text(Span<byte> target, byte[] text)
    {
        target[0] = 0xda;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)text.Length);
        text.CopyTo(target[3..]);
        return 3 + text.Length;
    }

    private static int Number(Span<byte> target, double value)
    {
        target[0] = 0xcb;
        BinaryPrimitives.WriteDoubleBigEndian(target[1..], value);
        return 9;
    }
}
