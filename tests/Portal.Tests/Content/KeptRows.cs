using System.Text.Json;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Content;
using Npgsql;

namespace AspireGateway.Portal.Tests.Content;

/// <summary>Rows of the content store as gateways write them.</summary>
internal static class KeptRows
{
    /// <summary>Adds one; gives back its id.</summary>
    public static async Task<Guid> AddAsync(PortalHost portal, Guid organisation, Guid team, string? user, string prompt, string? reply = null, DateTimeOffset? arrived = null, int days = 30)
    {
        var at = arrived ?? PortalHost.Now();
        var id = Guid.CreateVersion7(at);
        var keys = portal.Get<ContentKeyStore>();
        var own = await keys.OrganisationAsync(organisation, at, default);
        var key = (await keys.SubjectAsync(own, own.SubjectOf(user), PortalHost.Now(), at, default))!;
        var plain = JsonSerializer.SerializeToUtf8Bytes(new ContentTexts { Prompt = prompt, Reply = reply }, ContentJson.Default.ContentTexts);
        await using var source = NpgsqlDataSource.Create(portal.ConnectionString);
        await using (var ensure = source.CreateCommand("select ensure_day_partitions($1)"))
        {
            ensure.Parameters.Add(new() { Value = new[] { DateOnly.FromDateTime(at.UtcDateTime) } });
            await ensure.ExecuteNonQueryAsync();
        }
        await using var insert = source.CreateCommand("""
            insert into content_records (id, at, organisation_id, team_id, key_id, data_key, key_version, model, operation, state, is_masked, has_prompt, has_reply, is_truncated, plain_bytes, retain_until, payload)
            values ($1, $2, $3, $4, gen_random_uuid(), $5, $6, 'm', 'chat_completions', 'whole', true, true, true, false, $7, $8, $9)
            """);
        foreach (var value in new object[] { id, at.UtcDateTime, organisation, team, key.Id, key.Version, plain.Length, at.UtcDateTime.AddDays(days), ContentCipher.Seal(key, id, at, plain) })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync();
        return id;
    }
}
