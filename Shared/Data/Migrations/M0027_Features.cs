using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Features with owners, and the walk by name through what usage has seen; see decisions 0148 and 0149.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0027_features")]
public sealed class M0027Features : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table features (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text collate "C" not null,
                description text,
                owner_id uuid references users on delete set null,
                owner_email text,
                created_at timestamptz not null,
                created_by text not null,
                unique (organisation_id, name)
            );
            create index features_by_owner on features (owner_id) where owner_id is not null;

            -- Users, features and agents by name, in the order of their bytes, so that beginnings of names are ranges whatever the database's own order is. The days are the last thing in it: one step finds the next name.
            create index usage_days_by_name on usage_days (organisation_id, facet, team_id, value collate "C", day) where facet in (2, 4, 5);
            """);
    }
}
