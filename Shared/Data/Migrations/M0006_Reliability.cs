using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Retries, time-outs and fallbacks of models, breakers of deployments, and what breakers did.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0006_reliability")]
public sealed class M0006Reliability : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table models add column reliability jsonb;
            alter table deployments add column breaker jsonb;

            -- Written by the gateway whose breaker it was. until: when it will be probed, or may be called again; null = now.
            create table circuit_events (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                deployment_id uuid not null references deployments on delete cascade,
                at timestamptz not null,
                state text not null check (state in ('closed', 'recovering', 'open', 'resting')),
                reason text not null,
                until timestamptz,
                gateway text not null
            );
            create index circuit_events_by_deployment on circuit_events (deployment_id, at desc);
            create index circuit_events_by_organisation on circuit_events (organisation_id, id desc);
            """);
    }
}
