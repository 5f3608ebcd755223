using AspireGateway.Shared.Content;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Content;

/// <summary>Encrypts rows and writes them to Postgres. One writer uses it.</summary>
internal sealed class ContentStore(NpgsqlDataSource source, ContentKeyStore keys, IOptions<ContentOptions> options, TimeProvider time)
{
    private const int MostKeys = 10_000;

    // A row whose key was destroyed meanwhile is not written: nobody could read it, and what came before the erasure must not come back under a new key.
    private const string Insert = """
        insert into content_records (id, at, organisation_id, team_id, key_id, data_key, key_version, model, operation, state, is_masked, has_prompt, has_reply, is_truncated, plain_bytes, retain_until, payload)
        select n.id, n.at, n.organisation_id, n.team_id, n.key_id, n.data_key, n.key_version, n.model, n.operation, n.state, n.is_masked, n.has_prompt, n.has_reply, n.is_truncated, n.plain_bytes, n.retain_until, n.payload
        from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::integer[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::boolean[], $13::boolean[], $14::boolean[],
                $15::integer[], $16::timestamptz[], $17::bytea[])
            as n(id, at, organisation_id, team_id, key_id, data_key, key_version, model, operation, state, is_masked, has_prompt, has_reply, is_truncated, plain_bytes, retain_until, payload)
        join content_keys k on k.id = n.data_key and k.wrapped is not null
        on conflict (id, at) do nothing
        returning id
        """;

    private static readonly TimeSpan KeysKept = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, ContentKey> organisations = [];
    private readonly Dictionary<(Guid Organisation, string Subject), (ContentKey Key, long Since)> subjects = [];

    /// <summary>Writes rows; each is there once, however often it is tried.</summary>
    /// <returns>How many were given up because their subject was erased meanwhile.</returns>
    /// <exception cref="NpgsqlException">Postgres could not be reached, or refused.</exception>
    public async Task<int> WriteAsync(IReadOnlyList<PlainRow> rows, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.StoreMs);
        var erased = 0;
        // A key that was destroyed since it was looked up shows in the rows that did not arrive.
        for (var left = rows; left.Count > 0;)
        {
            var ready = new List<(PlainRow Row, ContentKey Key)>(left.Count);
            foreach (var row in left)
            {
                if (await KeyOfAsync(row.Capture, limit.Token) is { } key) ready.Add((row, key));
                else erased++;
            }
            left = ready.Count == 0 ? [] : await InsertAsync(ready, limit.Token);
        }
        return erased;
    }

    private async Task<ContentKey?> KeyOfAsync(ContentCapture capture, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!organisations.TryGetValue(capture.Organisation, out var organisation)) organisations[capture.Organisation] = organisation = await keys.OrganisationAsync(capture.Organisation, now, cancellationToken);
        var subject = organisation.SubjectOf(capture.User);
        var name = (capture.Organisation, Convert.ToHexString(subject));
        if (subjects.TryGetValue(name, out var known) && time.GetElapsedTime(known.Since) < KeysKept) return known.Key;
        if (await keys.SubjectAsync(organisation, subject, capture.At, now, cancellationToken) is not { } key) return null;
        if (subjects.Count >= MostKeys) Forget();
        subjects[name] = (key, time.GetTimestamp());
        return key;
    }

    private async Task<IReadOnlyList<PlainRow>> InsertAsync(List<(PlainRow Row, ContentKey Key)> rows, CancellationToken cancellationToken)
    {
        var arrived = new HashSet<Guid>();
        try
        {
            await TryInsertAsync(rows, arrived, cancellationToken);
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // The day has no partition yet.
            await using var ensure = source.CreateCommand("select ensure_day_partitions($1)");
            Add<DateOnly[]>(ensure, [.. rows.Select(row => DateOnly.FromDateTime(row.Row.Capture.At.UtcDateTime)).Distinct()]);
            await ensure.ExecuteNonQueryAsync(cancellationToken);
            await TryInsertAsync(rows, arrived, cancellationToken);
        }
        if (arrived.Count == rows.Count) return [];
        var missing = rows.FindAll(row => !arrived.Contains(row.Row.Capture.Id));
        await using var command = source.CreateCommand("select id from content_keys where id = any($1) and wrapped is not null");
        Add<Guid[]>(command, [.. missing.Select(row => row.Key.Id).Distinct()]);
        var alive = new HashSet<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken)) alive.Add(reader.GetGuid(0));
        // With a key that lives they were there already: an earlier try whose answer was lost.
        var again = missing.FindAll(row => !alive.Contains(row.Key.Id));
        foreach (var (row, key) in again)
        {
            subjects.Remove((row.Capture.Organisation, Convert.ToHexString(key.Subject!)));
            organisations.Remove(row.Capture.Organisation);
        }
        return again.ConvertAll(row => row.Row);
    }

    private async Task TryInsertAsync(List<(PlainRow Row, ContentKey Key)> rows, HashSet<Guid> arrived, CancellationToken cancellationToken)
    {
        arrived.Clear();
        await using var command = source.CreateCommand(Insert);
        Add(command, rows, row => row.Row.Capture.Id);
        Add(command, rows, row => row.Row.Capture.At.UtcDateTime);
        Add(command, rows, row => row.Row.Capture.Organisation);
        Add(command, rows, row => row.Row.Capture.Team);
        Add(command, rows, row => row.Row.Capture.Key);
        Add(command, rows, row => row.Key.Id);
        Add(command, rows, row => row.Key.Version);
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Select(row => row.Row.Capture.Model).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        Add(command, rows, row => row.Row.Capture.Operation);
        Add(command, rows, row => row.Row.Capture.State);
        Add(command, rows, row => row.Row.Capture.Terms.Masked);
        Add(command, rows, row => row.Row.HasPrompt);
        Add(command, rows, row => row.Row.HasReply);
        Add(command, rows, row => row.Row.IsTruncated);
        Add(command, rows, row => row.Row.Plain.Length);
        Add(command, rows, row => row.Row.Capture.At.UtcDateTime.AddDays(row.Row.Capture.Terms.RetentionDays));
        Add(command, rows, row => ContentCipher.Seal(row.Key, row.Row.Capture.Id, row.Row.Capture.At, row.Row.Plain));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) arrived.Add(reader.GetGuid(0));
    }

    private void Forget()
    {
        foreach (var (key, _) in subjects.Values) System.Security.Cryptography.CryptographicOperations.ZeroMemory(key.Bytes);
        subjects.Clear();
    }

    private static void Add<T>(NpgsqlCommand command, List<(PlainRow Row, ContentKey Key)> rows, Func<(PlainRow Row, ContentKey Key), T> value) => Add<T[]>(command, [.. rows.Select(value)]);

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
