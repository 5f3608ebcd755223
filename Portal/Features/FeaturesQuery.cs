using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Features;

/// <summary>Lists features by name: those that requests named, and those that are registered.</summary>
internal sealed class FeaturesQuery(NamedUsageQuery names, UsageReader usage, NpgsqlDataSource database, IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    private const string Unowned = """
        not exists (select from features o where o.organisation_id = @organisation and o.name = n.value and (o.owner_id is not null or o.owner_email is not null))
        """;

    private const string Columns = """
        select f.id, f.name, f.description, f.owner_id, u.display_name, coalesce(u.email, f.owner_email), u.disabled_at is not null
        from features f left join users u on u.id = f.owner_id and u.organisation_id = f.organisation_id
        """;

    // The explicit order keeps the two kinds of names from contradicting each other in the union.
    private static readonly NamesQuestion s_all = new(Facet.Of("feature")!)
    {
        More = """select f.name collate "default", null::date from features f where f.organisation_id = @organisation""",
    };

    /// <summary>A page of what the actor may see, by name.</summary>
    public async Task<Result<Page<FeatureRow>>> RunAsync(Actor actor, NamesFilter filter, bool unownedOnly, CancellationToken cancellationToken)
    {
        var page = await names.RunAsync(actor, unownedOnly ? s_all with { Condition = Unowned } : s_all, filter, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        return new Page<FeatureRow>(await WithOwnersAsync(actor, page.Value.Items, cancellationToken), page.Value.Next);
    }

    /// <summary>One registered feature.</summary>
    public async Task<Result<FeatureRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeCosts) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var name = await context.Features.Where(f => f.Id == id && f.OrganisationId == actor.OrganisationId).Select(f => f.Name).FirstOrDefaultAsync(cancellationToken);
        return name is null ? new Failure.NotFound("feature") : await OneAsync(actor, name, cancellationToken);
    }

    /// <summary>One by its name, whether it is registered or not.</summary>
    public async Task<Result<FeatureRow>> OneAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        var found = await names.OneAsync(actor, s_all.Facet, name, cancellationToken);
        return found.Failure is { } refusal ? refusal : (await WithOwnersAsync(actor, [found.Value], cancellationToken))[0];
    }

    /// <summary>
    /// Names of features that requests named within <see cref="SeenNames.Back"/> days and nobody answers for, at most <paramref name="limit"/> and one more, by name. What ended needs no owner.
    /// </summary>
    public async Task<IReadOnlyList<string>> UnownedAsync(Scope scope, int limit, CancellationToken cancellationToken)
    {
        await using var look = await usage.OpenAsync(scope.OrganisationId, cancellationToken);
        var found = await SeenNames.ReadAsync(look, scope, s_all with { Condition = $"{Unowned} and n.day >= @since", More = null }, null, "", limit, clock.GetUtcNow(), cancellationToken);
        return [.. found.Select(f => f.Name)];
    }

    private async Task<List<FeatureRow>> WithOwnersAsync(Actor actor, IReadOnlyList<NamedUsage> rows, CancellationToken cancellationToken)
    {
        var known = (await database.ReadAsync($"{Columns} where f.organisation_id = @organisation and f.name = any(@names)",
            r => (Id: r.GetGuid(0), Name: r.GetString(1), Description: r.Text(2), Owner: r.Nullable<Guid>(3), OwnerName: r.Text(4), Email: r.Text(5), Left: r.GetBoolean(6)), cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), new("names", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = rows.Select(r => r.Name).ToArray() }))
            .ToDictionary(f => f.Name, StringComparer.Ordinal);
        return [.. rows.Select(row => known.TryGetValue(row.Name, out var f)
            ? new FeatureRow(row) { Id = f.Id, Description = f.Description, OwnerId = f.Owner, OwnerName = f.OwnerName, OwnerEmail = f.Email, OwnerLeft = f.Left }
            : new FeatureRow(row))];
    }
}
