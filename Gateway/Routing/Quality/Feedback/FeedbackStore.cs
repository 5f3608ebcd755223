using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>Keeps votes in Postgres and brings them together with the records of their requests. Whatever calls it, a vote meets its record once.</summary>
internal sealed class FeedbackStore(NpgsqlDataSource source)
{
    // A vote and its request: the newest of the key's requests with the id, whose user is the one that is voted for. A cached reply, a refusal or a failure says nothing of a model.
    private const string Match = """
        with waiting as (
            select id, organisation_id, key_id, request_id, voter from feedback
            where usage_id is null and ($1::uuid is null or id = $1) and at > $2 order by at limit 200 for update skip locked),
        found as (
            select w.id as vote, u.* from waiting w cross join lateral (
                select r.id, r.at, r.user_id, r.task, r.provider, r.deployment, r.model, r.fallback_chain, r.status in ('ok', 'truncated', 'aborted') and r.cache_hit is null as is_served
                from usage_records r where r.organisation_id = w.organisation_id and r.request_id = w.request_id and r.key_id = w.key_id and r.at > $3
                order by r.at desc limit 1) u
            where w.voter is null or w.voter = u.user_id)
        update feedback f set usage_id = found.id, usage_at = found.at, voter = coalesce(found.user_id, f.key_id::text), task = case when found.is_served then found.task end,
            provider = found.provider,
            model = (select d.upstream_model from deployments d join providers p on p.id = d.provider_id
                where found.is_served and d.organisation_id = f.organisation_id and d.name = found.deployment and p.slug = found.provider)
        from found where f.id = found.vote and f.usage_id is null
        returning f.organisation_id, f.score, found.id, found.at, found.is_served, found.model, found.deployment, found.fallback_chain,
            exists (select from feedback o where o.usage_id = found.id) as is_again
        """;

    /// <summary>Whose request an id is: the key's newest with it, else anybody's in the organisation; null = no record of it is in the books.</summary>
    public async Task<RequestOwner?> FindAsync(Guid organisation, Guid key, string requestId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select key_id, user_id from usage_records where organisation_id = $1 and request_id = $2 and at > $4
            order by (key_id = $3) desc, at desc limit 1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = organisation });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = requestId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = since.ToUniversalTime() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1)) : null;
    }

    /// <summary>Keeps a vote; one on the same request and name gives way to it.</summary>
    /// <returns>The vote's id, the request's record where it is known already, and whether there was a vote before.</returns>
    public async Task<(Guid Id, (Guid Id, DateTimeOffset At)? Usage, bool IsAgain)> SaveAsync(Guid organisation, Guid key, Vote vote, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            insert into feedback as f (id, organisation_id, key_id, request_id, name, source, score, comment, tags, at, voter) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (organisation_id, key_id, request_id, name) do update set source = excluded.source, score = excluded.score, comment = excluded.comment, tags = excluded.tags,
                at = excluded.at, voter = case when f.usage_id is null then excluded.voter else f.voter end
            returning id, usage_id, usage_at
            """);
        var id = Guid.CreateVersion7(now);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = organisation });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = vote.RequestId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = vote.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = vote.Source });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = vote.Score });
        command.Parameters.Add(Text(vote.Comment, NpgsqlDbType.Text));
        command.Parameters.Add(Text(vote.Tags, NpgsqlDbType.Jsonb));
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now.ToUniversalTime() });
        command.Parameters.Add(Text(vote.User, NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var kept = reader.GetGuid(0);
        return (kept, reader.IsDBNull(1) ? null : (reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2)), kept != id);
    }

    /// <summary>Brings votes together with the records that came in: one vote, or all that wait.</summary>
    /// <param name="vote">The vote; null = all.</param>
    /// <param name="waitingSince">Votes from before do not wait any more.</param>
    /// <param name="requestsSince">Requests from before are not looked at.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<List<MatchedVote>> MatchAsync(Guid? vote, DateTimeOffset waitingSince, DateTimeOffset requestsSince, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Match);
        command.Parameters.Add(new NpgsqlParameter { Value = vote is { } one ? one : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = waitingSince.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = requestsSince.ToUniversalTime() });
        var matched = new List<MatchedVote>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                matched.Add(new(
                    reader.GetGuid(0), reader.GetDouble(1), reader.GetGuid(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetBoolean(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                    reader.IsDBNull(6) ? null : reader.GetString(6), reader.GetFieldValue<string[]>(7), reader.GetBoolean(8)));
        foreach (var (usage, at) in matched.Select(m => (m.Usage, m.UsageAt)).Distinct()) await NoteAsync(usage, at, cancellationToken);
        return matched;
    }

    /// <summary>Writes the mean of a request's votes into its record.</summary>
    public async Task NoteAsync(Guid usage, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("update usage_records set feedback = (select avg(score) from feedback where usage_id = $1) where id = $1 and at = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = usage });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = at.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Drops votes that waited too long: there is no such request of their key.</summary>
    public async Task DropAsync(DateTimeOffset waitingSince, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("delete from feedback where usage_id is null and at <= $1");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = waitingSince.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Text(string? text, NpgsqlDbType type) => new() { Value = text is null ? DBNull.Value : text, NpgsqlDbType = type };
}

/// <summary>Whose request it was.</summary>
/// <param name="Key">The key.</param>
/// <param name="User">The user; null = none was named.</param>
internal sealed record RequestOwner(Guid Key, string? User);

/// <summary>A vote that met its request's record.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Usage">The record.</param>
/// <param name="UsageAt">When the request arrived.</param>
/// <param name="IsServed">Whether a provider served it.</param>
/// <param name="Model">The logical model.</param>
/// <param name="Deployment">The deployment that served.</param>
/// <param name="Chain">Deployments tried, in order; empty = only that one.</param>
/// <param name="IsAgain">Whether another vote met the record before.</param>
internal sealed record MatchedVote(Guid Organisation, double Score, Guid Usage, DateTimeOffset UsageAt, bool IsServed, string? Model, string? Deployment, string[] Chain, bool IsAgain);
