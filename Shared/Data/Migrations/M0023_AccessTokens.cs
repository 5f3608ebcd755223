using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Personal access tokens; see decision 0142.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0023_access_tokens")]
public sealed class M0023AccessTokens : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table access_tokens (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                identity_id uuid not null references identities on delete cascade,
                parent_id uuid references access_tokens on delete set null,
                name text not null,
                prefix text not null,
                secret_hash bytea not null unique check (length(secret_hash) = 32),
                scopes text[] not null check (cardinality(scopes) > 0),
                created_at timestamptz not null,
                expires_at timestamptz not null,
                last_used_at timestamptz,
                revoked_at timestamptz
            );
            create index access_tokens_by_organisation on access_tokens (organisation_id, id desc);
            create index access_tokens_by_identity on access_tokens (identity_id, organisation_id, id desc);
            create index access_tokens_by_parent on access_tokens (parent_id) where parent_id is not null;
            """);
    }
}
