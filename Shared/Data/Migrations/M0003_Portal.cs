using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What the portal needs for itself: session keys that its replicas share, used sign-in links, and indexes for its lists.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0003_portal")]
public sealed class M0003Portal : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- Keys that protect session cookies; the documents are encrypted with the master key.
            create table session_keys (
                friendly_name text primary key,
                document text not null,
                created_at timestamptz not null default now()
            );

            -- Sign-in links open one session each; the token itself is not kept.
            create table used_sign_in_links (
                token_hash bytea primary key check (length(token_hash) = 32),
                used_at timestamptz not null
            );

            -- Search in the list of keys: what a name or prefix begins with.
            create index virtual_keys_by_name on virtual_keys (organisation_id, lower(name) text_pattern_ops);
            create index virtual_keys_by_prefix on virtual_keys (organisation_id, prefix text_pattern_ops);

            -- A team's part of the usage.
            create index usage_records_by_team on usage_records (team_id, at desc);
            """);
    }
}
