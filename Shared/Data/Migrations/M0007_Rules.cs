using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Routing rules, and tasks that organisations add to the classifier's.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0007_rules")]
public sealed class M0007Rules : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table routing_rules (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                position integer not null check (position >= 0),
                name text not null,
                is_enabled boolean not null,
                conditions jsonb not null,
                action jsonb not null,
                created_at timestamptz not null,
                created_by text not null,
                unique (organisation_id, name)
            );
            create index routing_rules_in_order on routing_rules (organisation_id, position, id);

            create table routing_tasks (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                words text[] not null,
                patterns text[] not null,
                created_at timestamptz not null,
                created_by text not null,
                unique (organisation_id, name)
            );
            """);
    }
}
