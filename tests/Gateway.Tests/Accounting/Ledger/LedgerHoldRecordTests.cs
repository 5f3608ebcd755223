using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

/// <summary>What the portal reads from the holds that gateways write.</summary>
public sealed class LedgerHoldRecordTests
{
    private static readonly Guid Key = Guid.CreateVersion7();
    private readonly LedgerTenant tenant = new(Organisation, new Clock());

    [Theory]
    [InlineData(false, "req_1", "fast")]
    [InlineData(true, "größe", null)]
    public void Of_AGatewaysHold_TellsWhoseItIs(bool priced, string requestId, string? model)
    {
        var value = Value(priced, requestId, model, out var hold);

        Assert.Equal(new LedgerHoldRecord(requestId, Key, DateTimeOffset.UnixEpoch.AddTicks(1_800_000_000_123_456 * 10), model), LedgerHoldRecord.Of(value));
        Assert.Equal([hold.Meters[1].Name], LedgerHoldRecord.BudgetsOf(value));
    }

    [Fact]
    public void Of_AQuota_IsNothing()
    {
        var value = HoldCodec.Details(HoldOf(tenant, [MeterOf(Limit(LimitUnits.Requests, 7))], new HoldTerms(1, 1, 1, 1, 1, 1), [])).ToArray();

        Assert.Null(LedgerHoldRecord.Of(value));
        Assert.Empty(LedgerHoldRecord.BudgetsOf(value));
    }

    [Fact]
    public void Of_ATornValue_NeverThrows()
    {
        var whole = Value(true, "req_1", "fast", out _);
        for (var length = 0; length < whole.Length; length++)
        {
            _ = LedgerHoldRecord.BudgetsOf(whole.AsSpan(0, length));
            _ = LedgerHoldRecord.Of(whole.AsSpan(0, length));
        }
    }

    private byte[] Value(bool priced, string requestId, string? model, out Hold hold)
    {
        var record = new byte[RecordEncoder.MaxBytes];
        var length = RecordEncoder.Encode(
            new JournalOpening
            {
                Id = Guid.CreateVersion7(), AtUs = 1_800_000_000_123_456, RequestId = requestId, OrganisationId = Organisation, TeamId = Guid.NewGuid(), KeyId = Key,
                UserId = "zoë", Route = "chat_completions", Model = model, Provider = "sim", Deployment = "sim-small", PriceVersionId = priced ? Guid.NewGuid() : null,
                EstimatedInputTokens = 1_000_000, EstimatedOutputTokens = 300, EstimatedCostNanoUsd = 123_456_789,
            },
            RecordLimits.Full, record);
        hold = HoldOf(tenant, [MeterOf(Limit(LimitUnits.Requests, 7)), MeterOf(Budget(1_000))], new HoldTerms(5, 7, 100, 1, 321, 99), record[..length]);
        return HoldCodec.Details(hold).ToArray();
    }
}
