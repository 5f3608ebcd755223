using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Shared.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Accounting.Journal;

public sealed class RecordEncodingTests
{
    [Fact]
    public void Checksum_OfTheCheckString_IsCastagnolis() =>
        Assert.Equal(0xE3069283, Crc32C.End(Crc32C.Append(Crc32C.Start, "123456789"u8)));

    [Fact]
    public void Record_EncodedAndDecoded_IsTheSame() => Prop.ForAll(Records(), record =>
    {
        var decoded = RoundTrip(record, RecordLimits.Full);
        // Text that UTF-8 cannot say, NUL and over-long text change on purpose, by the rules that the expectation repeats in its own words.
        Expect(record);
        return Json(decoded) == Json(record);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Record_WithAnotherCost_IsTheSameOtherwise() => Prop.ForAll(Records(), record =>
    {
        var buffer = new byte[RecordEncoder.MaxBytes];
        var length = RecordEncoder.Encode(record, RecordLimits.Full, buffer);
        foreach (var cost in (long[])[0, 1, record.CostNanoUsd, long.MaxValue])
        {
            var expected = RecordReader.Decode(buffer.AsSpan(0, length));
            expected.CostNanoUsd = cost;
            if (Json(RecordReader.Decode(RecordEncoder.WithCost(buffer.AsSpan(0, length), cost))) != Json(expected)) return false;
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Record_EncodedShort_AlwaysFitsItsSlot() => Prop.ForAll(Records(), record =>
    {
        var buffer = new byte[RecordEncoder.MaxBytes];
        var length = RecordEncoder.Encode(record, RecordLimits.Compact, buffer);
        var decoded = RecordReader.Decode(buffer.AsSpan(0, length));
        return JournalEntry.SizeOf(sizeof(int) + length) <= UsageJournal.SlotBytes
            && decoded.Id == record.Id && decoded.CostNanoUsd == record.CostNanoUsd && decoded.OutputTokens == record.OutputTokens;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Record_WithEverythingAtItsLongest_FitsItsSlotAndItsBuffer()
    {
        var text = new string('\uFFFD', 20_000);
        var record = new UsageRecord
        {
            Id = Guid.AllBitsSet, At = DateTimeOffset.MaxValue, RequestId = text, UserId = text, Feature = text, Agent = text, Route = text, Task = text, Model = text,
            Provider = text, Deployment = text, ServedModel = text, Status = text, Error = text, CacheHit = text, Tags = "{\"a\":\"" + new string('x', 8_000) + "\"}",
            FallbackChain = [.. Enumerable.Repeat(text, 99)], GuardrailsTriggered = [.. Enumerable.Repeat(text, 99)], PriceVersionId = Guid.AllBitsSet,
            InputTokens = long.MinValue, CacheReadTokens = long.MinValue, CacheWriteTokens = long.MinValue, OutputTokens = long.MinValue, ReasoningTokens = long.MinValue,
            Units = "{\"a\":\"" + new string('x', 1_000) + "\"}", ServiceTier = text, LatencyUs = long.MinValue, TtftUs = long.MinValue, OverheadUs = long.MinValue, CostNanoUsd = long.MinValue, StatusCode = int.MinValue, Feedback = 1,
            SavedNanoUsd = long.MinValue, SavedUs = long.MinValue, PrefixSavedNanoUsd = long.MinValue,
        };
        var full = RoundTrip(record, RecordLimits.Full);
        Assert.Equal(1023, Encoding.UTF8.GetByteCount(full.RequestId));
        Assert.Equal(record.Tags, full.Tags);
        Assert.Equal(record.Units, full.Units);
        Assert.Equal(16, full.FallbackChain.Length);
        var buffer = new byte[RecordEncoder.MaxBytes];
        Assert.InRange(JournalEntry.SizeOf(sizeof(int) + RecordEncoder.Encode(record, RecordLimits.Compact, buffer)), 1, UsageJournal.SlotBytes);
    }

    [Theory]
    [InlineData("{\"a\":\"b\\u0000\"}")]
    [InlineData(null)]
    public void Tags_ThatJsonbWouldRefuse_BecomeNull(string? tags)
    {
        var record = JournalScratch.Record(Guid.NewGuid());
        record.Tags = tags ?? "{\"a\":\"" + new string('x', 9_000) + "\"}";
        Assert.Null(RoundTrip(record, RecordLimits.Full).Tags);
    }

    [Fact]
    public void Record_WrittenByAnOlderBuild_IsReadWithoutWhatCameLater()
    {
        // Version 1 ended with the guardrails. A record that has neither units nor tier still looks like that, so older builds read it too.
        var record = JournalScratch.Record(Guid.Parse("01a1fe0e-e47c-72b5-964e-28eecf691178"));
        record.Tags = "{}";
        record.GuardrailsTriggered = ["pii"];
        var old = Convert.FromHexString(Version1);

        Assert.Equal(Json(record), Json(RecordReader.Decode(old)));
        var buffer = new byte[RecordEncoder.MaxBytes];
        Assert.Equal(old, buffer.AsSpan(0, RecordEncoder.Encode(record, RecordLimits.Full, buffer)).ToArray());
        var rows = new CopyBuffer();
        rows.Begin();
        UsageRows.AppendUsage(rows, old, withJson: true);
        // 37 fields, of which the last two are null.
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], rows.Written.Span[^8..].ToArray());
    }

    [Fact]
    public void Opening_Encoded_IsTheRecordOfAnOrphan()
    {
        var opening = JournalScratch.Opening(Guid.NewGuid());
        var buffer = new byte[RecordEncoder.MaxBytes];
        var orphan = RecordReader.Decode(buffer.AsSpan(0, RecordEncoder.Encode(opening, RecordLimits.Full, buffer)));
        Assert.Equal((opening.Id, opening.RequestId, UsageStatuses.Orphaned, 500, true, true), (orphan.Id, orphan.RequestId, orphan.Status, orphan.StatusCode, orphan.Estimated, orphan.Streamed));
        Assert.Equal((12, 34, 5_600), (orphan.InputTokens, orphan.OutputTokens, orphan.CostNanoUsd));
        Assert.Equal(("fast", "simulator", "sim-1", "chat_completions"), (orphan.Model, orphan.Provider, orphan.Deployment, orphan.Route));
        Assert.Equal(opening.AtUs, (orphan.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    // By the format as it was before units and tiers.
    private const string Version1 =
        "01A1FE0EE47C72B5964E28EECF6911780080982817650600FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        + "FFFF01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF1800004400904E90039003F8552130316131666530656534376337326235393634653238656563663639313137380000001163"
        + "6861745F636F6D706C6574696F6E730005666173740A73696D756C61746F720673696D2D310A73696D2D6C61726765036F6B0000037B7D010673696D2D310104706969";

    private static UsageRecord RoundTrip(UsageRecord record, RecordLimits limits)
    {
        var buffer = new byte[RecordEncoder.MaxBytes];
        return RecordReader.Decode(buffer.AsSpan(0, RecordEncoder.Encode(record, limits, buffer)));
    }

    private static void Expect(UsageRecord r)
    {
        r.RequestId = Fit(r.RequestId)!;
        r.UserId = Fit(r.UserId);
        r.Feature = Fit(r.Feature);
        r.Agent = Fit(r.Agent);
        r.Route = Fit(r.Route)!;
        r.Task = Fit(r.Task);
        r.Model = Fit(r.Model);
        r.Provider = Fit(r.Provider);
        r.Deployment = Fit(r.Deployment);
        r.ServedModel = Fit(r.ServedModel);
        r.Status = Fit(r.Status)!;
        r.Error = Fit(r.Error);
        r.CacheHit = Fit(r.CacheHit);
        r.FallbackChain = [.. r.FallbackChain.Take(16).Select(t => Fit(t, 256)!)];
        r.GuardrailsTriggered = [.. r.GuardrailsTriggered.Take(16).Select(t => Fit(t, 256)!)];
        if (r.Tags is not null && (Encoding.UTF8.GetByteCount(r.Tags) > 8 * 1024 || r.Tags.Contains("\\u0000"))) r.Tags = null;
        else if (r.Tags is not null) r.Tags = Fit(r.Tags, 8 * 1024);
        if (r.Units is not null && (Encoding.UTF8.GetByteCount(r.Units) > 1024 || r.Units.Contains("\\u0000"))) r.Units = null;
        else if (r.Units is not null) r.Units = Fit(r.Units);
        r.ServiceTier = Fit(r.ServiceTier, 64);
    }

    private static string? Fit(string? text, int limit = 1024)
    {
        if (text is null) return null;
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > limit) break;
            kept.Append(rune.Value == 0 ? "?" : rune.ToString());
        }
        return kept.ToString();
    }

    private static string Json(UsageRecord record) => JsonSerializer.Serialize(record);

    private static Arbitrary<UsageRecord> Records()
    {
        var character = Gen.OneOf(Gen.Choose(32, 126), Gen.Choose(0, 0x2FF), Gen.Choose(0xD700, 0xE0FF), Gen.Choose(0, 0xFFFF)).Select(c => (char)c);
        var length = Gen.Frequency((6, Gen.Choose(0, 20)), (3, Gen.Choose(20, 600)), (1, Gen.Choose(600, 8192)));
        var text = length.SelectMany(n => character.ArrayOf(n)).Select(c => new string(c));
        var maybe = Gen.Frequency((1, Gen.Constant<string?>(null)), (4, text.Select(t => (string?)t)));
        var texts = Gen.Choose(0, 20).SelectMany(n => text.ArrayOf(n));
        var number = Gen.OneOf(Gen.Choose(0, 300).Select(n => (long)n), Gen.Choose(0, int.MaxValue).Select(n => (long)n << 20), Gen.Constant(long.MaxValue), Gen.Constant(long.MinValue), Gen.Constant(-1L));
        var id = ArbMap.Default.GeneratorFor<Guid>();
        return (from ids in id.ArrayOf(6)
                from required in text.ArrayOf(3)
                from optional in maybe.ArrayOf(13)
                from numbers in number.ArrayOf(9)
                from code in Gen.Choose(-1, 700)
                from day in Gen.Choose(0, 3_600_000)
                from micro in Gen.Choose(0, 999_999)
                from flags in Gen.Choose(0, 31)
                from feedback in Gen.Choose(0, 100)
                from chain in texts
                from guards in texts
                select new UsageRecord
                {
                    Id = ids[0],
                    OrganisationId = ids[1],
                    TeamId = ids[2],
                    KeyId = ids[3],
                    PriceVersionId = (flags & 1) != 0 ? ids[4] : null,
                    At = new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddTicks(micro * 10L),
                    RequestId = required[0],
                    Route = required[1],
                    Status = required[2],
                    UserId = optional[0],
                    Feature = optional[1],
                    Agent = optional[2],
                    Task = optional[3],
                    Model = optional[4],
                    Provider = optional[5],
                    Deployment = optional[6],
                    ServedModel = optional[7],
                    Error = optional[8],
                    CacheHit = optional[9],
                    Tags = optional[10],
                    Units = optional[11],
                    ServiceTier = optional[12],
                    SavedNanoUsd = (flags & 8) != 0 ? numbers[7] : null,
                    SavedUs = (flags & 8) != 0 ? numbers[8] : null,
                    PrefixSavedNanoUsd = (flags & 2) != 0 ? numbers[6] : null,
                    FallbackChain = chain,
                    GuardrailsTriggered = guards,
                    InputTokens = numbers[0],
                    CacheReadTokens = numbers[1],
                    CacheWriteTokens = numbers[2],
                    OutputTokens = numbers[3],
                    ReasoningTokens = numbers[4],
                    LatencyUs = numbers[5],
                    TtftUs = (flags & 2) != 0 ? numbers[6] : null,
                    OverheadUs = numbers[7],
                    CostNanoUsd = numbers[8],
                    StatusCode = code,
                    Estimated = (flags & 4) != 0,
                    Streamed = (flags & 8) != 0,
                    Feedback = (flags & 16) != 0 ? feedback / 100f : null,
                }).ToArbitrary();
    }
}
