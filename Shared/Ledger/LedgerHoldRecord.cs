using System.Buffers.Binary;
using System.Text;

namespace AspireGateway.Shared.Ledger;

/// <summary>Who holds: what is told of a running request by the record that it gets if its gateway dies (the journal's encoding, version 1).</summary>
/// <param name="RequestId">The request's id, as in <c>x-request-id</c>.</param>
/// <param name="KeyId">The virtual key.</param>
/// <param name="ArrivedAt">When it arrived.</param>
/// <param name="Model">The model that it asked for.</param>
public sealed record LedgerHoldRecord(string RequestId, Guid KeyId, DateTimeOffset ArrivedAt, string? Model)
{
    private const byte HasPrice = 1, HasTtft = 2, HasFeedback = 4;
    private const int Texts = 7, Numbers = 9, KeyAt = 56, FlagsAt = 72;

    /// <summary>The fields of the budgets that a hold was taken on.</summary>
    /// <param name="details">The hold's details.</param>
    public static IReadOnlyList<string> BudgetsOf(ReadOnlySpan<byte> details)
    {
        var fields = new List<string>();
        SkipSpec(details, fields);
        return fields;
    }

    /// <summary>The record behind a hold's meters; null = there is none, or it is not whole.</summary>
    /// <param name="details">The hold's details.</param>
    public static LedgerHoldRecord? Of(ReadOnlySpan<byte> details)
    {
        var at = SkipSpec(details, null);
        return at < 0 ? null : Read(details[at..]);
    }

    // [[field ...], [parameter ...]] in MessagePack: arrays of 16-bit length, fields as str 16, parameters as float 64. Gives the place behind it; -1 = it is broken.
    private static int SkipSpec(ReadOnlySpan<byte> value, List<string>? budgets)
    {
        var at = 1;
        if (!TryLength(value, ref at, 0xdc, out var fields)) return -1;
        for (var i = 0; i < fields; i++)
        {
            if (!TryLength(value, ref at, 0xda, out var length) || value.Length - at < length) return -1;
            if (budgets is not null && length > 0 && value[at] == LedgerFields.Budget) budgets.Add(Encoding.UTF8.GetString(value.Slice(at, length)));
            at += length;
        }
        if (!TryLength(value, ref at, 0xdc, out var parameters)) return -1;
        at += parameters * 9;
        return at <= value.Length ? at : -1;
    }

    private static bool TryLength(ReadOnlySpan<byte> value, ref int at, byte mark, out int length)
    {
        length = 0;
        if (value.Length < at + 3 || value[at] != mark) return false;
        length = BinaryPrimitives.ReadUInt16BigEndian(value[(at + 1)..]);
        at += 3;
        return true;
    }

    private static LedgerHoldRecord? Read(ReadOnlySpan<byte> record)
    {
        if (record.Length <= FlagsAt) return null;
        var arrived = BinaryPrimitives.ReadInt64LittleEndian(record[16..]);
        if (arrived is < 0 or > 253_402_300_799_000_000) return null;
        var flags = record[FlagsAt];
        var at = FlagsAt + 1 + ((flags & HasPrice) != 0 ? 16 : 0) + ((flags & HasFeedback) != 0 ? 4 : 0);
        var numbers = Numbers + ((flags & HasTtft) != 0 ? 1 : 0);
        for (var i = 0; i < numbers; i++)
            if (!TryNumber(record, ref at, out _)) return null;
        var texts = new string?[Texts];
        for (var i = 0; i < Texts; i++)
        {
            if (!TryNumber(record, ref at, out var length)) return null;
            if (length == 0) continue;
            if (length - 1 > (ulong)(record.Length - at)) return null;
            texts[i] = Encoding.UTF8.GetString(record.Slice(at, (int)length - 1));
            at += (int)length - 1;
        }
        return new(
            texts[0] ?? "", new Guid(record.Slice(KeyAt, 16), bigEndian: true), DateTimeOffset.UnixEpoch.AddTicks(arrived * TimeSpan.TicksPerMicrosecond), texts[^1]);
    }

    private static bool TryNumber(ReadOnlySpan<byte> record, ref int at, out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= record.Length) return false;
            var part = record[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return true;
        }
        return false;
    }
}
