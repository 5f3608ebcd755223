using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>What happened to the configuration since a revision.</summary>
/// <param name="Revision">The store's revision now.</param>
/// <param name="RevisionAt">When that revision was made; null = it touched nothing, or its rows are gone.</param>
/// <param name="AreComplete">Whether the rows tell everything since the known revision. False: only a full load gives the truth.</param>
/// <param name="Keys">Virtual keys that were touched.</param>
/// <param name="Spending">Limits, budgets, raises, tiers, assignments, stops and approvals that were touched.</param>
/// <param name="Organisations">Organisations of which anything else but users was touched.</param>
internal sealed record ConfigurationChanges(
    long Revision, DateTimeOffset? RevisionAt, bool AreComplete, IReadOnlyCollection<Guid> Keys, IReadOnlyCollection<Guid> Spending,
    IReadOnlyCollection<Guid> Organisations)
{
    /// <summary>More rows than this are not followed one by one.</summary>
    public const int MaxRows = 20_000;

    /// <summary>Reads the revision, and the changes that lead to it from the known snapshot.</summary>
    public static async Task<ConfigurationChanges> ReadAsync(NpgsqlConnection connection, ConfigurationSnapshot? known, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(
                    """
                    select s.revision, (select max(c.at) from configuration_changes c where c.revision = s.revision)
                    from configuration_state s
                    """),
                // The known revision's own rows too: they must be those that were seen, else this is another history (a restored backup).
                new NpgsqlBatchCommand(
                    """
                    select revision, kind, entity_id, organisation_id, at from configuration_changes
                    where revision between $1 and (select revision from configuration_state) order by revision limit $2
                    """)
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = known?.Revision ?? long.MaxValue }, new NpgsqlParameter<int> { TypedValue = MaxRows + 1 } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new ConfigurationChanges(0, null, AreComplete: false, [], [], []);
        var revision = reader.GetInt64(0);
        DateTimeOffset? revisionAt = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1);
        if (known is null) return new ConfigurationChanges(revision, revisionAt, AreComplete: false, [], [], []);

        await reader.NextResultAsync(cancellationToken);
        var keys = new HashSet<Guid>();
        var spending = new HashSet<Guid>();
        var organisations = new HashSet<Guid>();
        DateTimeOffset? knownAt = null;
        var last = known.Revision;
        var (rows, gap) = (0, revision < known.Revision);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows++;
            var at = reader.GetInt64(0);
            if (at == known.Revision)
            {
                var moment = reader.GetFieldValue<DateTimeOffset>(4);
                if (knownAt is null || moment > knownAt) knownAt = moment;
                continue;
            }
            gap |= at > last + 1;
            last = at;
            switch (reader.GetString(1))
            {
                case ConfigurationKinds.VirtualKey: keys.Add(reader.GetGuid(2)); break;
                case ConfigurationKinds.User or ConfigurationKinds.PriceBook or ConfigurationKinds.Webhook or ConfigurationKinds.BenchmarkSet or ConfigurationKinds.BenchmarkRun
                    or ConfigurationKinds.SignInMapping or ConfigurationKinds.AccessToken or ConfigurationKinds.Feature or ConfigurationKinds.AnomalyPolicy: break;
                case var kind when SpendingReader.Reads(kind): spending.Add(reader.GetGuid(2)); break;
                default: organisations.Add(reader.GetGuid(3)); break;
            }
        }
        var complete = !gap && last == revision && rows <= MaxRows && knownAt == known.RevisionAt;
        return new ConfigurationChanges(revision, revisionAt, complete, keys, spending, organisations);
    }
}
