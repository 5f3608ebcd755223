using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Requests;

/// <summary>The request log, newest first, bounded in time.</summary>
public sealed class RequestsQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = """
        u.id, u.at, u.request_id, u.team_id, u.key_id, u.user_id, u.feature, u.agent, u.route, u.task, u.model, u.provider, u.deployment, u.served_model,
        u.fallback_chain, u.input_tokens, u.cache_read_tokens, u.cache_write_tokens, u.output_tokens, u.reasoning_tokens, u.latency_us, u.ttft_us,
        u.overhead_us, u.status, u.status_code, u.error, u.cost_nano_usd, u.estimated, u.streamed, u.cache_hit, u.guardrails_triggered, u.price_version_id,
        u.units::text, u.service_tier, u.feedback, u.saved_nano_usd, u.saved_us
        """;

    private const string Names = "(select t.name from teams t where t.id = u.team_id), (select k.name from virtual_keys k where k.id = u.key_id)";

    // A record's id holds the millisecond of its arrival; clocks of gateways may differ a little.
    private static readonly TimeSpan IdTolerance = TimeSpan.FromHours(1);

    /// <summary>A page of what the actor may see.</summary>
    public async Task<Result<Page<RequestRow>>> RunAsync(Actor actor, RequestsFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        var range = TimeRange.Of(filter.From, filter.To, clock.GetUtcNow());
        if (range.Failure is { } bad) return bad;
        if (!Cursor.TryRead(filter.After, out var afterAt, out var afterId)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        // Where they can be is known without looking; what is found is the same.
        if (await NamedDays.NarrowAsync(database, scope.Value.OrganisationId, NamesWithoutIndex(filter), range.Value, cancellationToken) is not { } time) return PageSize.Page<RequestRow>([], limit, _ => "");

        var rows = await database.ReadAlongAsync($"""
            select {Columns}, {Names} from (
                select * from usage_records u
                where {Scope.OfUsage} and u.at >= @from and u.at < @to
                    and (@after_at::timestamptz is null or (u.at, u.id) < (@after_at, @after_id))
                    and (@team::uuid is null or u.team_id = @team) and (@key::uuid is null or u.key_id = @key)
                    and (@model::text is null or u.model = @model) and (@provider::text is null or u.provider = @provider)
                    and (@deployment::text is null or u.deployment = @deployment)
                    and (@status::text is null or u.status = @status) and (@status_code::bigint is null or u.status_code = @status_code)
                    and (@feature::text is null or u.feature = @feature) and (@user::text is null or u.user_id = @user)
                    and (@request::text is null or u.request_id = @request) and (@agent::text is null or u.agent = @agent)
                    and (@cost::bigint is null or u.cost_nano_usd >= @cost) and (@latency::bigint is null or u.latency_us >= @latency * 1000)
                    and (@guardrail::text is null or (cardinality(u.guardrails_triggered) > 0 and @guardrail = any(u.guardrails_triggered)))
                order by u.at desc, u.id desc limit @limit
            ) u order by u.at desc, u.id desc
            """, Row, cancellationToken,
            [.. scope.Value.Parameters, Sql.Time("from", time.From), Sql.Time("to", time.To), Sql.Time("after_at", afterAt), Sql.Id("after_id", afterId),
                Sql.Id("team", filter.TeamId), Sql.Id("key", filter.KeyId), Sql.Text("model", Blank(filter.Model)), Sql.Text("provider", Blank(filter.Provider)),
                Sql.Text("deployment", Blank(filter.Deployment)), Sql.Text("status", Blank(filter.Status)), Sql.Number("status_code", filter.StatusCode),
                Sql.Text("feature", Blank(filter.Feature)), Sql.Text("user", Blank(filter.UserId)), Sql.Text("request", Blank(filter.RequestId)), Sql.Text("agent", Blank(filter.Agent)), Sql.Text("guardrail", Blank(filter.Guardrail)),
                Sql.Number("cost", filter.MinCostNanoUsd), Sql.Number("latency", filter.MinLatencyMs), Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, r => Cursor.Of(r.At, r.Id));
    }

    /// <summary>One request with its journey, by the id of its record.</summary>
    public async Task<Result<RequestDetails>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        if (ArrivalOf(id) is not { } arrival) return new Failure.NotFound("request");

        var rows = await database.ReadAsync($"""
            select {Columns}, {Names}, j.document::text, v.components::text
            from usage_records u
            left join journeys j on j.id = u.id and j.at = u.at and j.at >= @from and j.at < @to
            left join price_versions v on v.id = u.price_version_id
            where {Scope.OfUsage} and u.id = @id and u.at >= @from and u.at < @to
            """,
            r => new RequestDetails
            {
                Request = Row(r),
                Journey = r.Text(39) is { } document ? JsonSerializer.Deserialize(document, ContractsJson.Default.JourneyDocument) : null,
                Price = r.Text(40) is { } price ? JsonSerializer.Deserialize(price, DataJson.Default.PriceComponents) : null,
            }, cancellationToken,
            [.. scope.Value.Parameters, Sql.Id("id", id), Sql.Time("from", arrival - IdTolerance), Sql.Time("to", arrival + IdTolerance)]);
        if (rows is not [var row]) return new Failure.NotFound("request");
        var votes = await database.ReadAsync(
            "select name, source, score, comment, tags::text, at from feedback where usage_id = @id order by name",
            r => new RequestVote
            {
                Name = r.GetString(0), Source = r.GetString(1), Score = r.GetDouble(2), Comment = r.Text(3), Tags = r.Text(4), At = r.GetFieldValue<DateTimeOffset>(5),
            }, cancellationToken, Sql.Id("id", id));
        return row with { Votes = votes };
    }

    private static List<(Facet Facet, string Value)> NamesWithoutIndex(RequestsFilter filter)
    {
        List<(Facet, string)> names = [];
        foreach (var (facet, value) in ((string, string?)[])[("model", filter.Model), ("provider", filter.Provider), ("deployment", filter.Deployment), ("status", filter.Status)])
            if (Blank(value) is { } text) names.Add((Facet.Of(facet)!, text));
        return names;
    }

    private static DateTimeOffset? ArrivalOf(Guid id)
    {
        if (id.Version != 7) return null;
        var bytes = id.ToByteArray(bigEndian: true);
        var milliseconds = 0L;
        for (var i = 0; i < 6; i++) milliseconds = (milliseconds << 8) | bytes[i];
        return milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - IdTolerance.TotalMilliseconds ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static RequestRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), At = r.GetFieldValue<DateTimeOffset>(1), RequestId = r.GetString(2), TeamId = r.GetGuid(3), KeyId = r.GetGuid(4),
        UserId = r.Text(5), Feature = r.Text(6), Agent = r.Text(7), Route = r.GetString(8), Task = r.Text(9), Model = r.Text(10), Provider = r.Text(11),
        Deployment = r.Text(12), ServedModel = r.Text(13), FallbackChain = r.GetFieldValue<string[]>(14),
        InputTokens = r.GetInt64(15), CacheReadTokens = r.GetInt64(16), CacheWriteTokens = r.GetInt64(17), OutputTokens = r.GetInt64(18),
        ReasoningTokens = r.GetInt64(19), LatencyUs = r.GetInt64(20), TtftUs = r.Nullable<long>(21), OverheadUs = r.GetInt64(22),
        Status = r.GetString(23), StatusCode = r.GetInt32(24), Error = r.Text(25), CostNanoUsd = r.GetInt64(26), Estimated = r.GetBoolean(27),
        Streamed = r.GetBoolean(28), CacheHit = r.Text(29), GuardrailsTriggered = r.GetFieldValue<string[]>(30), PriceVersionId = r.Nullable<Guid>(31),
        Units = r.Text(32) is { } units ? JsonSerializer.Deserialize(units, DataJson.Default.RecordedUnits) : null, ServiceTier = r.Text(33),
        Feedback = r.Nullable<float>(34), SavedNanoUsd = r.Nullable<long>(35), SavedUs = r.Nullable<long>(36), TeamName = r.Text(37), KeyName = r.Text(38),
    };
}
