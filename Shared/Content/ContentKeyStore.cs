using System.Security.Cryptography;
using AspireGateway.Shared.Data;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Shared.Content;

/// <summary>
/// Keys of the content store in Postgres. The master key wraps each organisation's key, that one wraps a key for each subject, and only that one encrypts texts: to destroy a wrapped key is to make every copy of what
/// it encrypted unreadable, backups of the rows included (decision 0200).
/// </summary>
public sealed class ContentKeyStore(NpgsqlDataSource source, SecretBox box)
{
    /// <summary>The organisation's key, made where there is none.</summary>
    /// <exception cref="CryptographicException">It was wrapped under a master key that is not known here.</exception>
    public async Task<ContentKey> OrganisationAsync(Guid organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindOrganisationAsync(organisation, cancellationToken) is { } known) return known;
        var id = Guid.CreateVersion7(now);
        var bytes = RandomNumberGenerator.GetBytes(ContentKey.Length);
        await using var command = source.CreateCommand("insert into content_keys (id, organisation_id, subject, version, wrapped, created_at) values ($1, $2, null, 1, $3, $4) on conflict do nothing");
        Add(command, id);
        Add(command, organisation);
        Add(command, box.Seal(bytes, OwnerOf(organisation, id)));
        Add(command, now.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
        // Another process may have been first.
        return await FindOrganisationAsync(organisation, cancellationToken) ?? throw new CryptographicException("The organisation's content key is gone.");
    }

    /// <summary>The organisation's key; null = it has none, so nothing was ever kept.</summary>
    /// <inheritdoc cref="OrganisationAsync"/>
    public async Task<ContentKey?> FindOrganisationAsync(Guid organisation, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select id, wrapped from content_keys where organisation_id = $1 and subject is null");
        Add(command, organisation);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var id = reader.GetGuid(0);
        var bytes = box.Open(reader.GetFieldValue<byte[]>(1), OwnerOf(organisation, id));
        return bytes is null
            ? throw new CryptographicException("The organisation's content key was wrapped under another master key. See Gateway__PreviousMasterKeys.")
            : new(id, organisation, null, 1, bytes);
    }

    /// <summary>The key for a subject's texts of a moment, made where there is none; null = they were erased since.</summary>
    /// <param name="organisation">The organisation's key.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="at">When the texts came. What came before the subject was erased gets no key.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ContentKey?> SubjectAsync(ContentKey organisation, byte[] subject, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var (latest, version, destroyedAt) = await LatestAsync(organisation, subject, cancellationToken);
            if (latest is not null) return latest;
            if (destroyedAt is { } erased && at <= erased) return null;
            var key = new ContentKey(Guid.CreateVersion7(now), organisation.Organisation, subject, version + 1, RandomNumberGenerator.GetBytes(ContentKey.Length));
            await using var command = source.CreateCommand("insert into content_keys (id, organisation_id, subject, version, wrapped, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing");
            Add(command, key.Id);
            Add(command, key.Organisation);
            Add(command, subject);
            Add(command, key.Version);
            Add(command, ContentCipher.Wrap(organisation, key));
            Add(command, now.ToUniversalTime());
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1) return key;
        }
        throw new NpgsqlException("A content key could not be made: others made and destroyed it at the same time.");
    }

    /// <summary>Subjects' keys by id; those that were destroyed or are another organisation's are missing.</summary>
    public async Task<Dictionary<Guid, ContentKey>> OpenAsync(ContentKey organisation, Guid[] ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        var keys = new Dictionary<Guid, ContentKey>();
        await using var command = source.CreateCommand("select id, subject, version, wrapped from content_keys where organisation_id = $1 and id = any($2) and subject is not null and wrapped is not null");
        Add(command, organisation.Organisation);
        Add(command, ids);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, subject, version) = (reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2));
            if (ContentCipher.Unwrap(organisation, id, subject, version, reader.GetFieldValue<byte[]>(3)) is { } bytes) keys[id] = new(id, organisation.Organisation, subject, version, bytes);
        }
        return keys;
    }

    /// <summary>Wraps organisations' keys under the current master key where another one wraps them.</summary>
    /// <param name="organisation">Whose; null = everybody's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were wrapped anew, and how many could not be opened.</returns>
    public async Task<(int Wrapped, int Unreadable)> RewrapAsync(Guid? organisation, CancellationToken cancellationToken)
    {
        var old = new List<(Guid Id, Guid Organisation, byte[] Wrapped)>();
        await using (var command = source.CreateCommand("select id, organisation_id, wrapped from content_keys where subject is null and ($1::uuid is null or organisation_id = $1)"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)organisation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                if (reader.GetFieldValue<byte[]>(2) is var wrapped && box.NeedsReseal(wrapped)) old.Add((reader.GetGuid(0), reader.GetGuid(1), wrapped));
        }
        var (done, unreadable) = (0, 0);
        foreach (var (id, owner, wrapped) in old)
        {
            if (box.Open(wrapped, OwnerOf(owner, id)) is not { } bytes)
            {
                unreadable++;
                continue;
            }
            await using var command = source.CreateCommand("update content_keys set wrapped = $2 where id = $1 and wrapped = $3");
            Add(command, id);
            Add(command, box.Seal(bytes, OwnerOf(owner, id)));
            Add(command, wrapped);
            done += await command.ExecuteNonQueryAsync(cancellationToken);
            CryptographicOperations.ZeroMemory(bytes);
        }
        return (done, unreadable);
    }

    private async Task<(ContentKey? Key, int Version, DateTimeOffset? DestroyedAt)> LatestAsync(ContentKey organisation, byte[] subject, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select id, version, wrapped, destroyed_at from content_keys where organisation_id = $1 and subject = $2 order by version desc limit 1");
        Add(command, organisation.Organisation);
        Add(command, subject);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (null, 0, null);
        var (id, version) = (reader.GetGuid(0), reader.GetInt32(1));
        if (await reader.IsDBNullAsync(2, cancellationToken)) return (null, version, reader.GetFieldValue<DateTimeOffset>(3));
        var bytes = ContentCipher.Unwrap(organisation, id, subject, version, reader.GetFieldValue<byte[]>(2))
            ?? throw new CryptographicException("A content key does not open: its row is damaged.");
        return (new(id, organisation.Organisation, subject, version, bytes), version, null);
    }

    private static byte[] OwnerOf(Guid organisation, Guid id) => [.. organisation.ToByteArray(), .. id.ToByteArray(), .. "content"u8];

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
