using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Guardrail policies. Organisations that exist get the one that new ones begin with: secrets never leave.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0034_guardrails")]
public sealed class M0034Guardrails : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table guardrail_policies (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('organisation', 'team', 'key', 'model')),
                scope_id text,
                settings jsonb not null,
                created_at timestamptz not null,
                created_by text not null,
                check ((scope_kind = 'organisation') = (scope_id is null)),
                unique nulls not distinct (organisation_id, scope_kind, scope_id)
            );

            insert into guardrail_policies (id, organisation_id, scope_kind, settings, created_at, created_by)
            select gen_random_uuid(), id, 'organisation', '{"secrets":{"level":"standard","action":"mask","restore":true}}', now(), 'migration' from organisations;
            """);
    }
}
