using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Repricing;

/// <summary>Says what a re-pricing would change, and changes nothing. For those who manage models.</summary>
internal sealed class PreviewRepricing(NpgsqlDataSource database, IOptions<RepricingOptions> options, TimeProvider clock)
{
    /// <summary>Prices every record of the span in memory.</summary>
    public async Task<Result<RepricingPreview>> RunAsync(Actor actor, RepricingRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        if (RepricingBounds.Refuse(request, clock.GetUtcNow(), hasReason: false) is { } faults) return faults;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var organisation = actor.OrganisationId!.Value;
        if (await RepricingRecords.OfAsync(connection, organisation, request.PriceVersionId!.Value, cancellationToken) is not { } records) return new Failure.NotFound("price");
        var (from, to, most) = (request.From!.Value, request.To!.Value, options.Value.MostRecords);
        if (await records.CountAsync(connection, from, to, cancellationToken) > most) return TooMany(most);

        long count = 0, left = 0;
        var teams = new Dictionary<Guid, (long Records, long Old, long New)>();
        await foreach (var record in records.ReadAsync(connection, from, to, null, most, isLocked: false, cancellationToken))
        {
            if (record.NewNanoUsd is not { } cost)
            {
                left++;
                continue;
            }
            count++;
            var team = teams.GetValueOrDefault(record.TeamId);
            teams[record.TeamId] = (team.Records + 1, team.Old + record.OldNanoUsd, team.New + cost);
        }
        var names = (await database.ReadAsync(
            "select id, name from teams where organisation_id = @organisation and id = any(@ids)", r => (Id: r.GetGuid(0), Name: r.GetString(1)), cancellationToken,
            Sql.Id("organisation", organisation), Sql.Ids("ids", [.. teams.Keys]))).ToDictionary(t => t.Id, t => t.Name);
        return new RepricingPreview
        {
            Records = count, LeftAlone = left, OldNanoUsd = teams.Values.Sum(t => t.Old), NewNanoUsd = teams.Values.Sum(t => t.New),
            Teams = [.. teams.Select(t => new RepricingTeam(t.Key, names.GetValueOrDefault(t.Key, t.Key.ToString()), t.Value.Records, t.Value.Old, t.Value.New)).OrderByDescending(t => Math.Abs(t.NewNanoUsd - t.OldNanoUsd))],
        };
    }

    /// <summary>Why a span is too long.</summary>
    internal static Failure TooMany(long most) => new Failure.Invalid([new("from", $"There are more than {Quantity.Exact(most)} records in this time. Choose a shorter one; several can be priced anew one after the other.")]);
}
