using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>Reads virtual keys from Postgres.</summary>
internal static class KeyReader
{
    private const string Columns =
        """
        select id, organisation_id, team_id, name, prefix, secret_hash, allowed_models, default_model, feature, max_body_bytes, max_multipart_bytes,
            expires_at, revoked_at, user_id, agent, priority, hold_policy, approval_threshold_nano_usd, approval_action, approval_model, allowed_regions, guardrail_level
        from virtual_keys
        """;

    /// <summary>Every key.</summary>
    public static async Task<KeyIndex> ReadAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Columns, connection);
        return new KeyIndex(await ReadAsync(command, cancellationToken));
    }

    /// <summary>The keys with these ids; null for those that are gone.</summary>
    public static async Task<Dictionary<Guid, VirtualKeySnapshot?>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var keys = ids.ToDictionary(id => id, _ => (VirtualKeySnapshot?)null);
        if (keys.Count == 0) return keys;
        await using var command = new NpgsqlCommand(Columns + " where id = any($1)", connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] } } };
        foreach (var key in await ReadAsync(command, cancellationToken)) keys[key.Id] = key;
        return keys;
    }

    private static async Task<List<VirtualKeySnapshot>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var keys = new List<VirtualKeySnapshot>();
        // Thousands of keys share their lists and names; one copy of each is enough.
        var names = new SharedText();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(new VirtualKeySnapshot
            {
                Id = reader.GetGuid(0),
                OrganisationId = reader.GetGuid(1),
                TeamId = reader.GetGuid(2),
                Name = reader.GetString(3),
                Prefix = reader.GetString(4),
                SecretHash = reader.GetFieldValue<byte[]>(5),
                AllowedModels = names.One(reader.GetFieldValue<string[]>(6)),
                DefaultModel = reader.IsDBNull(7) ? null : names.One(reader.GetString(7)),
                Feature = reader.IsDBNull(8) ? null : names.One(reader.GetString(8)),
                MaxBodyBytes = reader.IsDBNull(9) ? null : reader.GetInt64(9),
                MaxMultipartBytes = reader.IsDBNull(10) ? null : reader.GetInt64(10),
                ExpiresAt = reader.IsDBNull(11) ? null : reader.GetFieldValue<DateTimeOffset>(11),
                RevokedAt = reader.IsDBNull(12) ? null : reader.GetFieldValue<DateTimeOffset>(12),
                UserId = reader.IsDBNull(13) ? null : names.One(reader.GetString(13)),
                Agent = reader.IsDBNull(14) ? null : names.One(reader.GetString(14)),
                Priority = PriorityOf(reader.GetString(15)),
                HoldPolicy = names.One(reader.GetString(16)),
                ApprovalThresholdNanoUsd = reader.IsDBNull(17) ? null : reader.GetInt64(17),
                ApprovalAction = reader.IsDBNull(18) ? null : names.One(reader.GetString(18)),
                ApprovalModel = reader.IsDBNull(19) ? null : names.One(reader.GetString(19)),
                AllowedRegions = names.One(reader.GetFieldValue<string[]>(20)),
                GuardrailLevel = reader.IsDBNull(21) ? null : names.One(reader.GetString(21)),
            });
        }
        return keys;
    }

    private static byte PriorityOf(string name)
    {
        for (var i = 0; i < PriorityClasses.All.Count; i++)
            if (PriorityClasses.All[i] == name) return (byte)i;
        return 1;
    }
}
