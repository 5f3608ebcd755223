using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Repricing;

/// <summary>
/// The records that a price should have held for, and what they would cost by it. A record is priced anew only if its own price explains its cost to the nano-USD; so what several answers, a
/// search for a kept reply or an estimate of a dead gateway have cost is never replaced by a guess.
/// </summary>
internal sealed class RepricingRecords
{
    // Of the deployment by the price that a record keeps, whatever the deployment was called then; without a price by its name, if a provider answered.
    private const string Wanted = $"""
        from usage_records u
        where u.organisation_id = @organisation and u.at >= @from and u.at < @to and (@last_at::timestamptz is null or (u.at, u.id) > (@last_at, @last_id))
            and u.cache_hit is null and u.price_version_id is distinct from @version
            and (u.price_version_id = any(@versions)
                or u.price_version_id is null and u.deployment = @deployment and u.provider = @provider and u.status in ('{UsageStatuses.Ok}', '{UsageStatuses.Truncated}', '{UsageStatuses.Aborted}'))
        """;

    private readonly Dictionary<Guid, PriceComponents> prices;
    private readonly Guid organisation;
    private readonly Guid version;
    private readonly string deployment;
    private readonly string provider;

    private RepricingRecords(Guid organisation, Guid version, Guid deploymentId, string deployment, string provider, Dictionary<Guid, PriceComponents> prices)
    {
        (this.organisation, this.version, DeploymentId, this.deployment, this.provider, this.prices) = (organisation, version, deploymentId, deployment, provider, prices);
    }

    /// <summary>The deployment that the price belongs to.</summary>
    public Guid DeploymentId { get; }

    /// <summary>Its name.</summary>
    public string Deployment => deployment;

    /// <summary>The records that a version of a price should have held for; null = there is no such version, or its deployment is gone.</summary>
    public static async Task<RepricingRecords?> OfAsync(NpgsqlConnection connection, Guid organisation, Guid version, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select p.id, p.components::text, d.id, d.name, v.slug
            from price_versions w
            join deployments d on d.id = w.deployment_id
            join providers v on v.id = d.provider_id
            join price_versions p on p.deployment_id = d.id
            where w.id = @version and w.organisation_id = @organisation
            """, connection);
        command.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("version", version), Sql.Id("organisation", organisation)]);
        var found = new Dictionary<Guid, PriceComponents>();
        var (id, name, slug) = (Guid.Empty, "", "");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetGuid(0)] = JsonSerializer.Deserialize(reader.GetString(1), DataJson.Default.PriceComponents)!;
            (id, name, slug) = (reader.GetGuid(2), reader.GetString(3), reader.GetString(4));
        }
        return found.Count == 0 ? null : new(organisation, version, id, name, slug, found);
    }

    /// <summary>How many there are.</summary>
    public async Task<long> CountAsync(NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select count(*) " + Wanted, connection);
        command.Parameters.AddRange(Parameters(from, to, null));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads them by their time.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="from">Begin of the span.</param>
    /// <param name="to">End of the span.</param>
    /// <param name="after">The last one of the batch before; null = from the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="isLocked">Whether nobody may change them until the transaction ends.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RepricedRecord> ReadAsync(
        NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset to, (DateTimeOffset At, Guid Id)? after, long limit, bool isLocked,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select u.id, u.at, u.team_id, u.price_version_id, u.input_tokens, u.cache_read_tokens, u.cache_write_tokens, u.output_tokens, u.units::text, u.service_tier, u.cost_nano_usd "
                + Wanted + " order by u.at, u.id limit @limit" + (isLocked ? " for no key update" : ""), connection);
        command.Parameters.AddRange((NpgsqlParameter[])[.. Parameters(from, to, after), Sql.Number("limit", limit)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return Of(reader);
    }

    private RepricedRecord Of(NpgsqlDataReader r)
    {
        var used = BilledUsage.Of(
            r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.Text(8) is { } units ? JsonSerializer.Deserialize(units, DataJson.Default.RecordedUnits) : null, r.Text(9));
        var (before, cost) = (r.Nullable<Guid>(3), r.GetInt64(10));
        var explained = before is { } old ? PriceFormula.CostOf(prices[old], used) : 0;
        // What came without a price and used nothing that could have one has no cost by another price either: a failed count, for instance.
        var isNothing = before is null && used == new BilledUsage { ServiceTier = used.ServiceTier };
        return new(r.GetGuid(0), r.GetFieldValue<DateTimeOffset>(1), r.GetGuid(2), before, cost, explained == cost && !isNothing ? PriceFormula.CostOf(prices[version], used) : null);
    }

    private NpgsqlParameter[] Parameters(DateTimeOffset from, DateTimeOffset to, (DateTimeOffset At, Guid Id)? after) =>
    [
        Sql.Id("organisation", organisation), Sql.Time("from", from), Sql.Time("to", to), Sql.Time("last_at", after?.At), Sql.Id("last_id", after?.Id), Sql.Id("version", version),
        Sql.Ids("versions", [.. prices.Keys.Where(id => id != version)]), Sql.Text("deployment", deployment), Sql.Text("provider", provider),
    ];
}

/// <summary>A record and what it costs by another price.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When its request arrived.</param>
/// <param name="TeamId">Who pays.</param>
/// <param name="PriceVersionId">The price that it has.</param>
/// <param name="OldNanoUsd">What it costs by that.</param>
/// <param name="NewNanoUsd">What it costs by the other; null = its price does not explain its cost, so it stays.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RepricedRecord(Guid Id, DateTimeOffset At, Guid TeamId, Guid? PriceVersionId, long OldNanoUsd, long? NewNanoUsd);
