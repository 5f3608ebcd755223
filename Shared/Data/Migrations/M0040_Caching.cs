using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Cache policies. There is none at first: nothing is kept until somebody says so.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0040_caching")]
public sealed class M0040Caching : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table cache_policies (
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
            """);
    }
}
