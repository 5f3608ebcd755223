using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Partitions;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Retention;

/// <summary>How long the organisation keeps what, and what is there. For those who may change it.</summary>
public sealed class RetentionQuery(NpgsqlDataSource database, IOptions<PartitionOptions> options)
{
    // Budgets of the installation count everybody's usage.
    internal const string NeededSince = $"""
        select (min(created_at) at time zone 'UTC')::date from budgets where period = '{BudgetPeriods.Total}' and (organisation_id = @organisation or organisation_id = '00000000-0000-0000-0000-000000000000')
        """;

    /// <summary>Looks.</summary>
    public async Task<Result<RetentionDetails>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        var installation = options.Value;
        return (await database.ReadAsync($"""
            select r.usage_days, r.journey_days, (select at from usage_records where organisation_id = @organisation order by at limit 1),
                (select at from journeys where organisation_id = @organisation order by at limit 1), ({NeededSince})
            from (select 1) one left join retention r on r.organisation_id = @organisation
            """, r => new RetentionDetails
            {
                UsageDays = r.Nullable<int>(0), JourneyDays = r.Nullable<int>(1), InstallationUsageDays = installation.UsageDays, InstallationJourneyDays = installation.JourneyDays,
                OldestUsage = r.Nullable<DateTimeOffset>(2), OldestJourney = r.Nullable<DateTimeOffset>(3), NeededSince = r.Nullable<DateOnly>(4),
            }, cancellationToken, Sql.Id("organisation", actor.OrganisationId)))[0];
    }
}
