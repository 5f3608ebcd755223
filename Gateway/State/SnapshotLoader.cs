using System.Collections.Frozen;
using System.Data;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>Reads the configuration from Postgres: what changed since the known snapshot where that can be told, else everything.</summary>
internal sealed class SnapshotLoader(TimeProvider clock)
{
    /// <summary>Brings a snapshot up to the store's revision. All reading happens in one transaction that sees one moment.</summary>
    /// <param name="connection">An open connection that nothing else uses meanwhile.</param>
    /// <param name="known">The snapshot to go on from; null = none.</param>
    /// <param name="cancellationToken">Ends the load; the known snapshot is untouched.</param>
    /// <exception cref="NpgsqlException">The store failed.</exception>
    public async Task<SnapshotLoad> LoadAsync(NpgsqlConnection connection, ConfigurationSnapshot? known, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // What the last-good file says may be what this process once saw of another database, so it is no ground to go on from.
        var ground = known is { FromDisk: false } ? known : null;
        var changes = await ConfigurationChanges.ReadAsync(connection, ground, cancellationToken);
        if (ground is not null && changes.AreComplete)
        {
            return changes.Revision == ground.Revision
                ? new SnapshotLoad(ground, SnapshotLoadKind.Unchanged, [])
                : await LoadDeltaAsync(connection, ground, changes, cancellationToken);
        }
        return await LoadAllAsync(connection, known, changes, cancellationToken);
    }

    private async Task<SnapshotLoad> LoadAllAsync(
        NpgsqlConnection connection, ConfigurationSnapshot? known, ConfigurationChanges changes, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        await using (var command = new NpgsqlCommand("select id from organisations", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));

        var faults = new List<ConfigurationFault>();
        var organisations = new Dictionary<Guid, OrganisationSnapshot>(ids.Count);
        foreach (var catalog in (await CatalogReader.ReadAsync(connection, ids, cancellationToken)).Values)
            if (Build(catalog, known, faults) is { } organisation) organisations[organisation.Id] = organisation;
        var keys = await KeyReader.ReadAllAsync(connection, cancellationToken);
        var spending = await SpendingReader.ReadAllAsync(connection, cancellationToken);
        return new SnapshotLoad(Snapshot(changes, organisations, keys, spending), SnapshotLoadKind.Full, faults);
    }

    private async Task<SnapshotLoad> LoadDeltaAsync(
        NpgsqlConnection connection, ConfigurationSnapshot known, ConfigurationChanges changes, CancellationToken cancellationToken)
    {
        var faults = new List<ConfigurationFault>();
        IReadOnlyDictionary<Guid, OrganisationSnapshot> organisations = known.Organisations;
        var keys = await KeyReader.ReadAsync(connection, changes.Keys, cancellationToken);
        var spending = changes.Spending.Count == 0
            ? known.Spending
            : known.Spending.With(await SpendingReader.ReadAsync(connection, known.Spending, changes.Spending, cancellationToken));
        if (changes.Organisations.Count > 0)
        {
            var catalogs = await CatalogReader.ReadAsync(connection, changes.Organisations, cancellationToken);
            var next = new Dictionary<Guid, OrganisationSnapshot>(known.Organisations);
            foreach (var id in changes.Organisations)
            {
                if (!catalogs.TryGetValue(id, out var catalog)) next.Remove(id);
                else if (Build(catalog, known, faults) is { } organisation) next[id] = organisation;
            }
            organisations = next;
            RemoveOrphans(known, next, changes.Organisations, keys);
            // Their days may begin at another hour now.
            if (ReferenceEquals(spending, known.Spending)) spending = spending.Renewed();
        }
        return new SnapshotLoad(Snapshot(changes, organisations, known.Keys.With(keys), spending), SnapshotLoadKind.Delta, faults);
    }

    // Deleting a team or an organisation deletes its keys without a row for each.
    private static void RemoveOrphans(
        ConfigurationSnapshot known, Dictionary<Guid, OrganisationSnapshot> next, IReadOnlyCollection<Guid> touched, Dictionary<Guid, VirtualKeySnapshot?> keys)
    {
        var goneTeams = new HashSet<Guid>();
        foreach (var id in touched)
        {
            if (!known.Organisations.TryGetValue(id, out var before)) continue;
            var after = next.GetValueOrDefault(id);
            foreach (var team in before.Teams.Keys)
                if (after is null || !after.Teams.ContainsKey(team)) goneTeams.Add(team);
        }
        if (goneTeams.Count == 0) return;
        foreach (var key in known.Keys.All)
            if (goneTeams.Contains(key.TeamId)) keys.TryAdd(key.Id, null);
    }

    // Null: nothing of it can serve. One organisation's trouble stays its own.
    private static OrganisationSnapshot? Build(OrganisationCatalog catalog, ConfigurationSnapshot? known, List<ConfigurationFault> faults)
    {
        var id = catalog.Organisation.Id;
        var previous = known?.Organisations.GetValueOrDefault(id);
        try
        {
            return CatalogBuilder.Build(catalog, previous, faults);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            faults.Add(new ConfigurationFault(id, ConfigurationKinds.Organisation, id, $"it cannot be built ({fault.GetType().Name})", KeptPrevious: previous is not null));
            return previous;
        }
    }

    private ConfigurationSnapshot Snapshot(
        ConfigurationChanges changes, IReadOnlyDictionary<Guid, OrganisationSnapshot> organisations, KeyIndex keys, SpendingIndex spending) => new()
    {
        Revision = changes.Revision,
        RevisionAt = changes.RevisionAt,
        LoadedAt = clock.GetUtcNow(),
        Organisations = organisations as FrozenDictionary<Guid, OrganisationSnapshot> ?? organisations.ToFrozenDictionary(),
        Keys = keys,
        Spending = spending,
    };
}
