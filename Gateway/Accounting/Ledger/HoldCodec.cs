using System.Buffers.Binary;
using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>Writes and reads holds: values of fixed places (see <c>common.lua</c>), and apart from them their details: the spec in MessagePack, the record.</summary>
internal static class HoldCodec
{
    [ThreadStatic]
    private static PackBuffer? specs;

    [ThreadStatic]
    private static byte[]? details;

    /// <summary>The spec <c>[[field ...], [parameter, parameter ...]]</c>, valid until this thread writes the next one.</summary>
    public static ReadOnlySpan<byte> Spec(Meter[] meters)
    {
        var spec = specs ??= new PackBuffer();
        spec.Clear();
        spec.Pair();
        spec.Array(meters.Length);
        foreach (var meter in meters) spec.Text(meter.Field);
        spec.Array(meters.Length * 2);
        foreach (var meter in meters)
        {
            spec.Number(meter.First);
            spec.Number(meter.Second);
        }
        return spec.Written;
    }

    /// <summary>Writes the value of a hold as it stands in Redis.</summary>
    /// <param name="hold">The hold, with what it was granted, or asks for.</param>
    /// <param name="instance">The gateway that it is of, 16 bytes.</param>
    /// <param name="isOlder">Whether its request is older than the ledger: what becomes of it is remembered then.</param>
    /// <param name="value">Gets the <see cref="LedgerHold.Bytes"/>.</param>
    public static void Write(Hold hold, ReadOnlySpan<byte> instance, bool isOlder, Span<byte> value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(value, hold.CostNanoUsd);
        BinaryPrimitives.WriteDoubleLittleEndian(value[8..], hold.Terms.Tokens);
        instance.CopyTo(value[16..]);
        value[LedgerHold.FlagsAt] = (byte)((isOlder ? LedgerHold.IsOlder : 0) | (hold.IsPaired ? LedgerHold.IsPaired : 0));
    }

    /// <summary>The value of a hold for a ledger that is opened anew.</summary>
    public static byte[] Value(Hold hold, Guid instance)
    {
        var value = new byte[LedgerHold.Bytes];
        Write(hold, instance.ToByteArray(bigEndian: true), isOlder: true, value);
        return value;
    }

    /// <summary>The details of a hold, valid until this thread writes the next ones.</summary>
    public static ReadOnlySpan<byte> Details(Hold hold)
    {
        var spec = Spec(hold.Meters);
        var length = spec.Length + hold.Record.Length;
        if (details is null || details.Length < length) details = new byte[Math.Max(length, 4096)];
        spec.CopyTo(details);
        hold.Record.CopyTo(details.AsSpan(spec.Length));
        return details.AsSpan(0, length);
    }

    /// <summary>The record behind a hold's spec; empty when there is none, or the details are not whole.</summary>
    public static ReadOnlySpan<byte> RecordOf(ReadOnlySpan<byte> value)
    {
        // As Spec writes it: an array of two, fields as str 16, parameters as float 64.
        var at = 1;
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
}
