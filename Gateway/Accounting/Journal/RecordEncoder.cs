using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// Encodes a usage record, version 1: id, at (µs since 1970), organisation, team, key (ids in network order, as Postgres has them), flags, optional price
/// version and feedback, numbers as zigzag varints, texts as varint (bytes + 1; 0 = null) and UTF-8, arrays as varint and texts. Text is made fit for
/// Postgres on the way: NUL becomes <c>?</c>, half a surrogate pair U+FFFD, too long is cut between characters.
/// </summary>
/// <remarks>
/// What later versions add stands behind all that: first units and service tier, then what the cache saved, then what providers' caches did. A reader takes what is missing at the end as null and leaves what it does
/// not know, so segments of older and of newer builds can be read; see decision 0056.
/// </remarks>
internal static class RecordEncoder
{
    /// <summary>Upper bound of an encoded record under <see cref="RecordLimits.Full"/>.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>What an orphan's status code is: the gateway died on the way, which is the server's fault whatever the caller saw of it.</summary>
    public const int OrphanStatusCode = 500;

    // Three ids beside the record's own and the moment; numbers with the time to the first token.
    private const int IdsBytes = 4 * 16 + sizeof(long), NumbersBeforeCost = 9;

    internal const byte HasPrice = 1;
    internal const byte HasTtft = 2;
    internal const byte HasFeedback = 4;
    internal const byte IsEstimated = 8;
    internal const byte IsStreamed = 16;

    // What the gateway's cache saved stands there only for what comes behind it.
    internal const byte HasNoSavings = 32;

    /// <summary>Encodes the record that the request gets if this process never closes it; returns the bytes written.</summary>
    public static int Encode(in JournalOpening opening, in RecordLimits limits, Span<byte> target)
    {
        var writer = new RecordWriter(target);
        writer.Id(opening.Id);
        writer.Int64(opening.AtUs);
        writer.Id(opening.OrganisationId);
        writer.Id(opening.TeamId);
        writer.Id(opening.KeyId);
        writer.Byte((byte)(IsEstimated | (opening.PriceVersionId is null ? 0 : HasPrice) | (opening.Streamed ? IsStreamed : 0)));
        if (opening.PriceVersionId is { } price) writer.Id(price);
        writer.Number(opening.EstimatedInputTokens);
        writer.Number(0);
        writer.Number(0);
        writer.Number(opening.EstimatedOutputTokens);
        writer.Number(0);
        writer.Number(0);
        writer.Number(0);
        writer.Number(OrphanStatusCode);
        writer.Number(opening.EstimatedCostNanoUsd);
        writer.Text(opening.RequestId ?? "", limits.Text);
        writer.Text(opening.UserId, limits.Text);
        writer.Text(opening.Feature, limits.Text);
        writer.Text(opening.Agent, limits.Text);
        writer.Text(opening.Route ?? "", limits.Text);
        writer.Text(null, limits.Text);
        writer.Text(opening.Model, limits.Text);
        writer.Text(opening.Provider, limits.Text);
        writer.Text(opening.Deployment, limits.Text);
        writer.Text(null, limits.Text);
        writer.Text(UsageStatuses.Orphaned, limits.Text);
        writer.Text(null, limits.Text);
        writer.Text(null, limits.Text);
        writer.Json(opening.Tags, limits.Tags);
        writer.Texts([], limits);
        writer.Texts([], limits);
        return writer.Written;
    }

    /// <summary>Encodes a record; returns the bytes written.</summary>
    public static int Encode(UsageRecord record, in RecordLimits limits, Span<byte> target)
    {
        var hasSavings = record.SavedNanoUsd is not null && record.SavedUs is not null;
        var writer = new RecordWriter(target);
        writer.Id(record.Id);
        writer.Int64((record.At.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        writer.Id(record.OrganisationId);
        writer.Id(record.TeamId);
        writer.Id(record.KeyId);
        writer.Byte((byte)((record.PriceVersionId is null ? 0 : HasPrice) | (record.TtftUs is null ? 0 : HasTtft) | (record.Feedback is null ? 0 : HasFeedback)
            | (record.Estimated ? IsEstimated : 0) | (record.Streamed ? IsStreamed : 0) | (hasSavings || record.PrefixSavedNanoUsd is null ? 0 : HasNoSavings)));
        if (record.PriceVersionId is { } price) writer.Id(price);
        if (record.Feedback is { } feedback) writer.Single(feedback);
        writer.Number(record.InputTokens);
        writer.Number(record.CacheReadTokens);
        writer.Number(record.CacheWriteTokens);
        writer.Number(record.OutputTokens);
        writer.Number(record.ReasoningTokens);
        writer.Number(record.LatencyUs);
        if (record.TtftUs is { } ttft) writer.Number(ttft);
        writer.Number(record.OverheadUs);
        writer.Number(record.StatusCode);
        writer.Number(record.CostNanoUsd);
        writer.Text(record.RequestId ?? "", limits.Text);
        writer.Text(record.UserId, limits.Text);
        writer.Text(record.Feature, limits.Text);
        writer.Text(record.Agent, limits.Text);
        writer.Text(record.Route ?? "", limits.Text);
        writer.Text(record.Task, limits.Text);
        writer.Text(record.Model, limits.Text);
        writer.Text(record.Provider, limits.Text);
        writer.Text(record.Deployment, limits.Text);
        writer.Text(record.ServedModel, limits.Text);
        writer.Text(record.Status ?? "", limits.Text);
        writer.Text(record.Error, limits.Text);
        writer.Text(record.CacheHit, limits.Text);
        writer.Json(record.Tags, limits.Tags);
        writer.Texts(record.FallbackChain, limits);
        writer.Texts(record.GuardrailsTriggered, limits);
        if (record.Units is null && record.ServiceTier is null && !hasSavings && record.PrefixSavedNanoUsd is null) return writer.Written;
        writer.Json(record.Units, limits.Units);
        writer.Text(record.ServiceTier, limits.Tier);
        if (!hasSavings && record.PrefixSavedNanoUsd is null) return writer.Written;
        writer.Number(hasSavings ? record.SavedNanoUsd!.Value : 0);
        writer.Number(hasSavings ? record.SavedUs!.Value : 0);
        if (record.PrefixSavedNanoUsd is { } prefix) writer.Number(prefix);
        return writer.Written;
    }

    /// <summary>An encoded record with another cost.</summary>
    public static byte[] WithCost(ReadOnlySpan<byte> record, long nanoUsd)
    {
        var reader = new RecordReader(record);
        reader.Bytes(IdsBytes);
        var flags = reader.Byte();
        if ((flags & HasPrice) != 0) reader.Id();
        if ((flags & HasFeedback) != 0) reader.Single();
        for (var i = 0; i < ((flags & HasTtft) != 0 ? NumbersBeforeCost : NumbersBeforeCost - 1); i++) reader.Number();
        var before = record.Length - reader.Left;
        reader.Number();
        var changed = new byte[record.Length + RecordWriter.MostOfNumber];
        record[..before].CopyTo(changed);
        var writer = new RecordWriter(changed.AsSpan(before));
        writer.Number(nanoUsd);
        record[^reader.Left..].CopyTo(changed.AsSpan(before + writer.Written));
        return changed[..(before + writer.Written + reader.Left)];
    }

    /// <summary>The id at the head of an encoded record.</summary>
    public static Guid IdOf(ReadOnlySpan<byte> record) => new(record[..16], bigEndian: true);

    /// <summary>When the request arrived, in microseconds since 1970.</summary>
    public static long AtUsOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[16..]);

    /// <summary>The key in an encoded record.</summary>
    public static Guid KeyIdOf(ReadOnlySpan<byte> record) => new(record.Slice(56, 16), bigEndian: true);
}

/// <summary>How long the parts of a record may be, in bytes of UTF-8.</summary>
/// <param name="Text">A text.</param>
/// <param name="Items">Entries of an array.</param>
/// <param name="Item">An entry of an array.</param>
/// <param name="Tags">The tags; a longer object is left out, for it cannot be cut.</param>
/// <param name="Units">The units; likewise.</param>
/// <param name="Tier">The service tier.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordLimits(int Text, int Items, int Item, int Tags, int Units, int Tier)
{
    /// <summary>What is kept when there is room. The request's id stays below the 2.7 KB that a btree entry may have.</summary>
    public static RecordLimits Full { get; } = new(1024, 16, 256, 8 * 1024, 1024, 64);

    /// <summary>What always fits into the room that an opening reserved.</summary>
    public static RecordLimits Compact { get; } = new(95, 4, 64, 0, 0, 32);
}
