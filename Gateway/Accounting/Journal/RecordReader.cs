using System.Buffers.Binary;
using System.Text;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Reads the parts of an encoded record in their order, without copying.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> rest = record;

    /// <summary>Whether nothing is left: what a later version adds at the end is not there.</summary>
    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => rest.Length;

    public byte Byte()
    {
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        var bytes = rest[..count];
        rest = rest[count..];
        return bytes;
    }

    public Guid Id() => new(Bytes(16), bigEndian: true);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(sizeof(float)));

    public long Number()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a text in UTF-8; false = null.</summary>
    public bool Text(out ReadOnlySpan<byte> value)
    {
        var length = (int)Varint();
        value = length == 0 ? default : Bytes(length - 1);
        return length != 0;
    }

    /// <summary>Decodes a whole record, for people and tests; the shipper copies the parts as they are.</summary>
    public static UsageRecord Decode(ReadOnlySpan<byte> encoded)
    {
        var reader = new RecordReader(encoded);
        var record = new UsageRecord { RequestId = "", Route = "", Status = "" };
        record.Id = reader.Id();
        record.At = DateTimeOffset.UnixEpoch.AddTicks(reader.Int64() * TimeSpan.TicksPerMicrosecond);
        record.OrganisationId = reader.Id();
        record.TeamId = reader.Id();
        record.KeyId = reader.Id();
        var flags = reader.Byte();
        record.Estimated = (flags & RecordEncoder.IsEstimated) != 0;
        record.Streamed = (flags & RecordEncoder.IsStreamed) != 0;
        if ((flags & RecordEncoder.HasPrice) != 0) record.PriceVersionId = reader.Id();
        if ((flags & RecordEncoder.HasFeedback) != 0) record.Feedback = reader.Single();
        record.InputTokens = reader.Number();
        record.CacheReadTokens = reader.Number();
        record.CacheWriteTokens = reader.Number();
        record.OutputTokens = reader.Number();
        record.ReasoningTokens = reader.Number();
        record.LatencyUs = reader.Number();
        if ((flags & RecordEncoder.HasTtft) != 0) record.TtftUs = reader.Number();
        record.OverheadUs = reader.Number();
        record.StatusCode = (int)reader.Number();
        record.CostNanoUsd = reader.Number();
        record.RequestId = reader.String() ?? "";
        record.UserId = reader.String();
        record.Feature = reader.String();
        record.Agent = reader.String();
        record.Route = reader.String() ?? "";
        record.Task = reader.String();
        record.Model = reader.String();
        record.Provider = reader.String();
        record.Deployment = reader.String();
        record.ServedModel = reader.String();
        record.Status = reader.String() ?? "";
        record.Error = reader.String();
        record.CacheHit = reader.String();
        record.Tags = reader.String();
        record.FallbackChain = reader.Strings();
        record.GuardrailsTriggered = reader.Strings();
        if (reader.IsAtEnd) return record;
        record.Units = reader.String();
        record.ServiceTier = reader.String();
        if (reader.IsAtEnd) return record;
        var (saved, savedUs) = (reader.Number(), reader.Number());
        if ((flags & RecordEncoder.HasNoSavings) == 0) (record.SavedNanoUsd, record.SavedUs) = (saved, savedUs);
        if (!reader.IsAtEnd) record.PrefixSavedNanoUsd = reader.Number();
        return record;
    }

    private string? String() => Text(out var value) ? Encoding.UTF8.GetString(value) : null;

    private string[] Strings()
    {
        var values = new string[Byte()];
        for (var i = 0; i < values.Length; i++) values[i] = String() ?? "";
        return values;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
