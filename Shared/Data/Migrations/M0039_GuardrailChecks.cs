using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Services outside of the gateway that look at texts.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0039_guardrail_checks")]
public sealed class M0039GuardrailChecks : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table guardrail_checks (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                kind text not null check (kind in ('moderations', 'chat', 'webhook', 'presidio')),
                url text not null,
                model text,
                is_private boolean not null default false,
                secret_envelope bytea,
                time_limit_ms integer not null check (time_limit_ms between 1 and 30000),
                on_error text not null check (on_error in ('closed', 'open')),
                applies_to text not null check (applies_to in ('prompts', 'replies', 'both')),
                max_characters integer not null check (max_characters between 1 and 1000000),
                regions text[] not null default '{}',
                created_at timestamptz not null,
                created_by text not null,
                unique (organisation_id, name)
            );
            """);
    }
}
