using System.Buffers.Binary;
using System.Text;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

public sealed class HoldCodecTests
{
    private readonly LedgerTenant tenant = new(Organisation, new Clock());

    public static TheoryData<int> Counts => [0, 1, 2, 15, 16, 17, 100, 3000];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Spec_OfAnyNumberOfMeters_ReadsBack(int count)
    {
        var meters = Enumerable.Range(0, count).Select(Some).ToArray();

        var (fields, parameters, rest) = ReadSpec(HoldCodec.Spec(meters));

        Assert.Equal(meters.Select(meter => meter.Name), fields);
        Assert.Equal(meters.SelectMany(meter => new[] { meter.First, meter.Second }), parameters);
        Assert.Equal(0, rest);
    }

    [Fact]
    public void Spec_OfALongerName_ThanTheScratchOfBefore_ReadsBack()
    {
        var small = MeterOf(Limit(LimitUnits.Requests, 1, id: null), "u", isDefault: true);
        var large = MeterOf(Limit(LimitUnits.Requests, 7, id: null), new string('ü', 20_000), isDefault: true);

        Assert.Equal([small.Name], ReadSpec(HoldCodec.Spec([small])).Fields);
        Assert.Equal([large.Name], ReadSpec(HoldCodec.Spec([large])).Fields);
        Assert.Equal([small.Name], ReadSpec(HoldCodec.Spec([small])).Fields);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "x")]
    [InlineData(8, "a record\0of bytes")]
    public void Value_OfAHold_ReadsBack(int count, string record)
    {
        var instance = Guid.CreateVersion7();
        var hold = HoldOf(tenant, [.. Enumerable.Range(0, count).Select(Some)], new HoldTerms(5, 7, 100, 1, 321, 99), Encoding.UTF8.GetBytes(record));
        hold.GrantedTokens = 30;

        var value = HoldCodec.Value(hold, instance);

        Assert.Equal(new LedgerHold(5 + 7 * 30, 321, instance), LedgerHold.Read(value));
        Assert.Equal(LedgerHold.IsOlder, value[LedgerHold.FlagsAt]);
        Assert.Equal(hold.Meters.Select(meter => meter.Name), ReadSpec(HoldCodec.Details(hold)).Fields);
        Assert.Equal(record, Encoding.UTF8.GetString(HoldCodec.RecordOf(HoldCodec.Details(hold))));
    }

    [Fact]
    public void RecordOf_ATornValue_IsEmptyOrAPartAndNeverThrows()
    {
        var hold = HoldOf(tenant, [Some(1), Some(2)], new HoldTerms(1, 1, 1, 1, 1, 1), [1, 2, 3]);
        var whole = HoldCodec.Details(hold).ToArray();

        for (var length = 0; length <= whole.Length - 3; length++) Assert.True(HoldCodec.RecordOf(whole.AsSpan(0, length)).IsEmpty);
        Assert.Equal<byte>([1, 2], HoldCodec.RecordOf(whole.AsSpan(0, whole.Length - 1)).ToArray());
        Assert.Null(LedgerHold.Read(HoldCodec.Value(hold, Guid.NewGuid()).AsSpan(1)));
    }

    [Fact]
    public void Cost_BeyondWhatADoubleHolds_IsCutThere()
    {
        Assert.Equal(1L << 53, new HoldTerms(long.MaxValue, long.MaxValue, long.MaxValue, 1, 1, 1).CostWith(long.MaxValue));
        Assert.Equal((1L << 53) - 1, new HoldTerms((1L << 53) - 2, 1, 1, 1, 1, 1).CostWith(1));
    }

    private static Meter Some(int i) => (i % 4) switch
    {
        0 => MeterOf(Limit(LimitUnits.Requests, 7 + i)),
        1 => MeterOf(Limit(LimitUnits.Tokens, 11 + i, id: null), "zoë", isDefault: true),
        2 => MeterOf(Limit(LimitUnits.Concurrency, i)),
        _ => MeterOf(Budget(9_000_000_000_000_000 - i)),
    };

    // Only what MessagePack's specification calls array 16, str 16 and float 64.
    private static (List<string> Fields, List<double> Parameters, int Left) ReadSpec(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(0x92, bytes[0]);
        bytes = bytes[1..];
        var (fields, parameters) = (new List<string>(), new List<double>());
        for (var left = Length(ref bytes, 0xdc); left > 0; left--)
        {
            var length = Length(ref bytes, 0xda);
            fields.Add(Encoding.UTF8.GetString(bytes[..length]));
            bytes = bytes[length..];
        }
        for (var left = Length(ref bytes, 0xdc); left > 0; left--)
        {
            Assert.Equal(0xcb, bytes[0]);
            parameters.Add(BinaryPrimitives.ReadDoubleBigEndian(bytes[1..]));
            bytes = bytes[9..];
        }
        return (fields, parameters, bytes.Length);
    }

    private static int Length(ref ReadOnlySpan<byte> bytes, byte mark)
    {
        Assert.Equal(mark, bytes[0]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        bytes = bytes[3..];
        return length;
    }
}
