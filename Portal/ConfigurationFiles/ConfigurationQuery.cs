using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>The configuration as a file, and its history. For operators and organisation admins: it names everything that there is.</summary>
public sealed class ConfigurationQuery
{
    private readonly IDbContextFactory<GatewayDbContext> contexts;
    private readonly NpgsqlDataSource database;
    private readonly FileKinds kinds;
    private readonly TimeProvider clock;

    internal ConfigurationQuery(IDbContextFactory<GatewayDbContext> contexts, NpgsqlDataSource database, FileKinds kinds, TimeProvider clock) =>
        (this.contexts, this.database, this.kinds, this.clock) = (contexts, database, kinds, clock);

    /// <summary>Everything but secrets, keys and people as one YAML file: the same bytes for the same configuration.</summary>
    public async Task<Result<ConfigurationExport>> ExportAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // One moment: what is written between two reads must not stand half in the file.
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await using var moment = await context.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, token);
            var state = await HouseReader.ReadAsync(context, actor.OrganisationId!.Value, clock.GetUtcNow(), token);
            return state is null ? (Result<ConfigurationExport>)new Failure.NotFound("organization") : new ConfigurationExport(state.Organisation.Slug, kinds.Write(state));
        }, cancellationToken);
    }

    /// <summary>A page of the revisions that changed the organisation, newest first.</summary>
    public async Task<Result<Page<ConfigurationRevision>>> HistoryAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        long? from = null;
        if (!string.IsNullOrEmpty(after))
        {
            if (!long.TryParse(after, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var parsed)) return Cursor.Fault;
            from = parsed;
        }
        var take = PageSize.Of(limit);
        // Revisions first, by the index; then what they are made of.
        var rows = await database.ReadAsync("""
            select r.revision, min(a.at), min(a.actor), count(distinct (a.target_kind, a.target_id)) filter (where a.target_kind <> 'configuration'),
                array(select distinct b.action from audit_entries b where b.organisation_id = @organisation and b.revision = r.revision and b.target_kind <> 'configuration' and b.actor <> all(@machines) order by 1 limit 4),
                min(a.target_name) filter (where a.target_kind = 'configuration'), min((a.after ->> 'rolled_back_to')::bigint) filter (where a.target_kind = 'configuration'),
                min(a.target_name) filter (where a.target_kind <> 'configuration')
            from (
                select distinct revision from audit_entries
                where organisation_id = @organisation and actor <> all(@machines) and (@after::bigint is null or revision < @after)
                order by revision desc limit @limit
            ) r
            join audit_entries a on a.organisation_id = @organisation and a.revision = r.revision and a.actor <> all(@machines)
            group by r.revision order by r.revision desc
            """, r => new ConfigurationRevision
            {
                Revision = r.GetInt64(0), At = r.GetFieldValue<DateTimeOffset>(1), Actor = r.GetString(2), Things = (int)r.GetInt64(3), Actions = r.GetFieldValue<string[]>(4), File = r.Text(5),
                RolledBackTo = r.Nullable<long>(6), Name = r.GetInt64(3) == 1 ? r.Text(7) : null,
            }, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Number("after", from), Sql.Number("limit", take + 1), Sql.Texts("machines", Machines.Names));
        return PageSize.Page(rows, take, r => r.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>A configuration file.</summary>
/// <param name="Slug">The organisation.</param>
/// <param name="Yaml">The file.</param>
public sealed record ConfigurationExport(string Slug, string Yaml);

/// <summary>A revision of the configuration.</summary>
public sealed record ConfigurationRevision
{
    /// <summary>Its number, over all organisations.</summary>
    public required long Revision { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>How many things it touched.</summary>
    public required int Things { get; init; }

    /// <summary>What was done to them, at most four different actions, e.g. <c>team.create</c>.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>The thing, where it was only one.</summary>
    public string? Name { get; init; }

    /// <summary>The file that was brought in; null = it was a change of its own.</summary>
    public string? File { get; init; }

    /// <summary>The revision that was gone back to; null = it was no rollback.</summary>
    public long? RolledBackTo { get; init; }
}
