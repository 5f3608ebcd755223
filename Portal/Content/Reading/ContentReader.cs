using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Content;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Content.Reading;

/// <summary>Reads rows of the content store, newest first, and decrypts them in memory. Checks no role and writes no audit entry: the commands before it do.</summary>
public sealed class ContentReader(NpgsqlDataSource database, ContentKeyStore keys)
{
    // Of a chunk everything is in memory at once: at most this many rows of 8 MiB and, in practice, of a few kilobytes.
    private const int Chunk = 50;

    private static readonly TimeSpan IdTolerance = TimeSpan.FromHours(1);

    private sealed record Sealed(KeptContent Row, Guid DataKey, byte[] Payload);

    /// <summary>The rows of a window from a place on, each opened.</summary>
    /// <param name="window">Which.</param>
    /// <param name="after">Only older ones than this; null = from the newest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CryptographicException">The organisation's key was wrapped under a master key that is not known here.</exception>
    public async IAsyncEnumerable<KeptContent> ReadAsync(ContentWindow window, (DateTimeOffset At, Guid Id)? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await keys.FindOrganisationAsync(window.Organisation, cancellationToken) is not { } organisation) yield break;
        var subject = window.User is null ? null : organisation.SubjectOf(window.User);
        while (true)
        {
            var rows = await ChunkAsync(window, subject, after, cancellationToken);
            var opened = await keys.OpenAsync(organisation, [.. rows.Select(row => row.DataKey).Distinct()], cancellationToken);
            foreach (var row in rows)
            {
                // Without its key it was erased; the job has not come to it yet.
                if (opened.TryGetValue(row.DataKey, out var key)) yield return Open(row, key);
                after = (row.Row.At, row.Row.Id);
            }
            if (rows.Count < Chunk) yield break;
        }
    }

    /// <summary>How many rows a window has, counted up to a bound.</summary>
    public async Task<int> CountAsync(ContentWindow window, int most, CancellationToken cancellationToken)
    {
        if (await keys.FindOrganisationAsync(window.Organisation, cancellationToken) is not { } organisation) return 0;
        var rows = await database.ReadAsync($"select count(*) from (select from content_records r where {Where} limit @limit) found", r => r.GetInt64(0), cancellationToken,
            Parameters(window, window.User is null ? null : organisation.SubjectOf(window.User), null, most));
        return (int)rows[0];
    }

    private const string Where = """
        r.organisation_id = @organisation and (@from::timestamptz is null or r.at >= @from) and (@to::timestamptz is null or r.at < @to) and (@team::uuid is null or r.team_id = @team)
            and (@id::uuid is null or r.id = @id) and (@after_at::timestamptz is null or (r.at, r.id) < (@after_at, @after_id))
            and (@subject::bytea is null or r.data_key in (select k.id from content_keys k where k.organisation_id = @organisation and k.subject = @subject))
        """;

    private Task<List<Sealed>> ChunkAsync(ContentWindow window, byte[]? subject, (DateTimeOffset At, Guid Id)? after, CancellationToken cancellationToken) => database.ReadAsync($"""
        select r.id, r.at, r.team_id, r.key_id, u.user_id, r.model, r.operation, r.state, r.is_masked, r.is_truncated, r.retain_until, r.data_key, r.payload
        from content_records r left join usage_records u on u.id = r.id and u.at = r.at
        where {Where} order by r.at desc, r.id desc limit @limit
        """, r => new Sealed(
            new()
            {
                Id = r.GetGuid(0), At = r.GetFieldValue<DateTimeOffset>(1), TeamId = r.GetGuid(2), KeyId = r.GetGuid(3), UserId = r.Text(4), Model = r.Text(5), Operation = r.GetString(6), State = r.GetString(7),
                IsMasked = r.GetBoolean(8), IsTruncated = r.GetBoolean(9), RetainUntil = r.GetFieldValue<DateTimeOffset>(10),
            }, r.GetGuid(11), r.GetFieldValue<byte[]>(12)), cancellationToken, Parameters(window, subject, after, Chunk));

    private static NpgsqlParameter[] Parameters(ContentWindow window, byte[]? subject, (DateTimeOffset At, Guid Id)? after, int limit)
    {
        // An id holds its time (RFC 9562): that finds the day.
        var (from, to) = window.Id is { } id && ArrivalOf(id) is { } at ? (at - IdTolerance, at + IdTolerance) : (window.From, window.To);
        return
        [
            Sql.Id("organisation", window.Organisation), Sql.Time("from", from), Sql.Time("to", to), Sql.Id("team", window.Team), Sql.Id("id", window.Id), Sql.Time("after_at", after?.At), Sql.Id("after_id", after?.Id),
            new("subject", NpgsqlDbType.Bytea) { Value = (object?)subject ?? DBNull.Value }, Sql.Number("limit", limit),
        ];
    }

    private static DateTimeOffset? ArrivalOf(Guid id)
    {
        if (id.Version != 7) return null;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = 0L;
        foreach (var one in bytes[..6]) milliseconds = (milliseconds << 8) | one;
        return milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    private static KeptContent Open(Sealed row, ContentKey key)
    {
        if (ContentCipher.Open(key, row.Row.Id, row.Row.At, row.Payload) is not { } plain) return row.Row with { IsUnreadable = true };
        var texts = JsonSerializer.Deserialize(plain, ContentJson.Default.ContentTexts)!;
        CryptographicOperations.ZeroMemory(plain);
        return row.Row with { Prompt = texts.Prompt, Reply = texts.Reply };
    }
}
