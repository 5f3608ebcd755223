using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Who signs in, their sessions, and what an identity provider's values give in an organisation; see decisions 0139 to 0141.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0022_sign_in")]
public sealed class M0022SignIn : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table identities (
                id uuid primary key,
                issuer text not null,
                subject text not null,
                email text not null,
                email_verified boolean not null,
                display_name text not null,
                claims text[] not null default '{}',
                created_at timestamptz not null,
                signed_in_at timestamptz not null,
                unique (issuer, subject)
            );
            -- Whom a changed mapping concerns.
            create index identities_by_claims on identities using gin (claims);

            alter table users
                add column identity_id uuid references identities on delete set null,
                add column role_source text not null default 'manual',
                add column disabled_reason text;
            create unique index users_by_identity on users (identity_id, organisation_id) where identity_id is not null;

            -- The cookie names a row; the row decides. Ended ones are swept after a while.
            create table portal_sessions (
                id uuid primary key,
                identity_id uuid not null references identities on delete cascade,
                organisation_id uuid references organisations on delete set null,
                id_token_envelope bytea,
                created_at timestamptz not null,
                seen_at timestamptz not null,
                idle_seconds integer not null check (idle_seconds > 0),
                expires_at timestamptz not null,
                ended_at timestamptz
            );
            create index portal_sessions_by_identity on portal_sessions (identity_id);
            create index portal_sessions_by_expiry on portal_sessions (expires_at);

            create table sign_in_mappings (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                claim text not null check (claim in ('groups', 'roles')),
                value text not null,
                role text not null check (role <> 'operator'),
                team_id uuid references teams on delete cascade,
                created_at timestamptz not null,
                created_by text not null,
                constraint sign_in_mappings_once unique nulls not distinct (organisation_id, claim, value, team_id)
            );
            create index sign_in_mappings_by_value on sign_in_mappings (claim, value);
            create index sign_in_mappings_by_team on sign_in_mappings (team_id) where team_id is not null;
            """);
    }
}
