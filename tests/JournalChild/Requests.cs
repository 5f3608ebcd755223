using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Shared.Domain;

namespace AspireGateway.JournalChild;

/// <summary>Requests as they are in a busy gateway. A record's time lies in its id, so that a closing can be made from the id alone.</summary>
internal static class Requests
{
    private static readonly Guid Organisation = new("0198f000-0000-7000-8000-000000000001");
    private static readonly Guid Team = new("0198f000-0000-7000-8000-000000000002");
    private static readonly Guid Price = new("0198f000-0000-7000-8000-000000000003");
    private static readonly Guid[] Keys = [.. Enumerable.Range(0, 50).Select(i => new Guid(i, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8))];

    private static readonly byte[] Journey = Encoding.UTF8.GetBytes(
        """
        {"version":1,"gateway":"gateway-1","revision":42,"requested_model":"fast","request_bytes":734,"reply_bytes":1290,"route_reason":"priority","candidates":[{"deployment":"openai-mini","provider":"openai"},{"deployment":"azure-mini","provider":"azure"}],"attempts":[{"deployment":"openai-mini","start_us":180,"first_byte_us":50210,"end_us":51002,"status":200,"outcome":"ok"}],"steps":[{"name":"IdentifyCaller","end_us":21},{"name":"ReadRequest","end_us":80},{"name":"PlanRoute","end_us":110},{"name":"ReserveSpend","end_us":170},{"name":"CallProvider","end_us":50980},{"name":"SendReply","end_us":51100},{"name":"RecordUsage","end_us":51230}]}
        """);

    public static JournalOpening Opening(UsageRecord record) => new()
    {
        Id = record.Id,
        AtUs = (record.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        RequestId = record.RequestId,
        OrganisationId = record.OrganisationId,
        TeamId = record.TeamId,
        KeyId = record.KeyId,
        Feature = record.Feature,
        Route = record.Route,
        Model = record.Model,
        Provider = record.Provider,
        Deployment = record.Deployment,
        PriceVersionId = record.PriceVersionId,
        EstimatedInputTokens = 900,
        EstimatedOutputTokens = 1_200,
        EstimatedCostNanoUsd = 1_234_567,
    };

    public static JournalClosing Closing(Guid id) => Closing(Record(id, 0));

    public static JournalClosing Closing(UsageRecord record) => new(record, Journey);

    public static UsageRecord Record(int number) => Record(Guid.CreateVersion7(), number);

    private static UsageRecord Record(Guid id, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        foreach (var b in bytes[..6]) milliseconds = (milliseconds << 8) | b;
        return new UsageRecord
        {
            Id = id,
            At = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            RequestId = id.ToString("N"),
            OrganisationId = Organisation,
            TeamId = Team,
            KeyId = Keys[number % Keys.Length],
            Feature = "search",
            Route = "chat_completions",
            Model = "fast",
            Provider = "openai",
            Deployment = "openai-mini",
            ServedModel = "gpt-mini-2026-07-18",
            FallbackChain = ["openai-mini"],
            PriceVersionId = Price,
            InputTokens = 812,
            CacheReadTokens = 512,
            OutputTokens = 377,
            LatencyUs = 51_230,
            TtftUs = 50_210,
            OverheadUs = 420,
            Status = UsageStatuses.Ok,
            StatusCode = 200,
            CostNanoUsd = 1_034_567,
        };
    }
}
