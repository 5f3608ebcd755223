using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Costs of large organisations: the dearest of a day are read first, and questions over all teams have a cube of their own; see decision 0154.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0033_dearest_first")]
public sealed class M0033DearestFirst : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create index usage_days_by_cost on usage_days (organisation_id, facet, day, cost_nano_usd desc) where team_id = '00000000-0000-0000-0000-000000000000';

            insert into usage_cubes (organisation_id, day, team_id, feature, agent, model, provider, deployment, route, task, status, cache, requests, errors, refused, estimated, succeeded, cache_hits, retried,
                extra_attempts, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd, wasted_nano_usd)
            select organisation_id, day, '00000000-0000-0000-0000-000000000000', feature, agent, model, provider, deployment, route, task, status, cache, sum(requests), sum(errors), sum(refused), sum(estimated),
                sum(succeeded), sum(cache_hits), sum(retried), sum(extra_attempts), sum(input_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(output_tokens), sum(reasoning_tokens),
                sum(cost_nano_usd), sum(wasted_nano_usd)
            from usage_cubes group by organisation_id, day, feature, agent, model, provider, deployment, route, task, status, cache;
            create index usage_cubes_of_all_by_feature on usage_cubes (organisation_id, feature, day) where team_id = '00000000-0000-0000-0000-000000000000';
            create index usage_cubes_of_all_by_model on usage_cubes (organisation_id, model, day) where team_id = '00000000-0000-0000-0000-000000000000';
            create index usage_cubes_of_all_by_provider on usage_cubes (organisation_id, provider, day) where team_id = '00000000-0000-0000-0000-000000000000';
            """);
    }
}
