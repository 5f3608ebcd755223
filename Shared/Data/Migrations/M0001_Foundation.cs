using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Tenants, keys, models, prices, the configuration's revision with its notification, and the audit.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0001_foundation")]
public sealed class M0001Foundation : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table organisations (
                id uuid primary key,
                slug text not null unique,
                name text not null,
                time_zone text not null,
                default_model text,
                created_at timestamptz not null
            );

            create table teams (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                slug text not null,
                name text not null,
                allowed_models text[] not null default '{}',
                default_model text,
                created_at timestamptz not null,
                archived_at timestamptz,
                unique (organisation_id, slug)
            );

            create table users (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                email text not null,
                display_name text not null,
                role text not null,
                created_at timestamptz not null,
                disabled_at timestamptz,
                unique (organisation_id, email)
            );

            create table team_members (
                team_id uuid not null references teams on delete cascade,
                user_id uuid not null references users on delete cascade,
                is_lead boolean not null,
                primary key (team_id, user_id)
            );
            create index team_members_by_user on team_members (user_id);

            create table virtual_keys (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                team_id uuid not null references teams on delete cascade,
                owner_id uuid references users on delete set null,
                name text not null,
                prefix text not null,
                secret_hash bytea not null unique check (length(secret_hash) = 32),
                allowed_models text[] not null default '{}',
                default_model text,
                feature text,
                max_body_bytes bigint check (max_body_bytes > 0),
                max_multipart_bytes bigint check (max_multipart_bytes > 0),
                expires_at timestamptz,
                revoked_at timestamptz,
                rotated_from_id uuid references virtual_keys on delete set null,
                created_at timestamptz not null,
                created_by text not null
            );
            create index virtual_keys_by_organisation on virtual_keys (organisation_id, id desc);
            create index virtual_keys_by_team on virtual_keys (team_id, id desc);
            create index virtual_keys_by_rotation on virtual_keys (rotated_from_id) where rotated_from_id is not null;
            create index virtual_keys_by_owner on virtual_keys (owner_id) where owner_id is not null;

            create table providers (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                slug text not null,
                name text not null,
                protocol text not null,
                base_url text not null,
                is_private boolean not null,
                connect_timeout_ms integer not null check (connect_timeout_ms > 0),
                first_byte_timeout_ms integer not null check (first_byte_timeout_ms > 0),
                idle_timeout_ms integer not null check (idle_timeout_ms > 0),
                created_at timestamptz not null,
                unique (organisation_id, slug)
            );

            create table credentials (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                provider_id uuid not null references providers on delete cascade,
                name text not null,
                secret_envelope bytea not null,
                hint text not null,
                created_at timestamptz not null,
                updated_at timestamptz not null,
                unique (provider_id, name)
            );
            create index credentials_by_organisation on credentials (organisation_id);

            create table deployments (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                provider_id uuid not null references providers on delete restrict,
                credential_id uuid references credentials on delete restrict,
                upstream_model text not null,
                region text,
                context_tokens integer check (context_tokens > 0),
                max_output_tokens integer check (max_output_tokens > 0),
                is_enabled boolean not null,
                created_at timestamptz not null,
                unique (organisation_id, name)
            );
            create index deployments_by_provider on deployments (provider_id);
            create index deployments_by_credential on deployments (credential_id);

            create table models (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null check (position('/' in name) = 0),
                description text not null,
                strategy text not null,
                created_at timestamptz not null,
                unique (organisation_id, name)
            );

            create table model_aliases (
                organisation_id uuid not null references organisations on delete cascade,
                name text not null check (position('/' in name) = 0),
                model_id uuid not null references models on delete cascade,
                primary key (organisation_id, name)
            );
            create index model_aliases_by_model on model_aliases (model_id);

            create table model_deployments (
                model_id uuid not null references models on delete cascade,
                deployment_id uuid not null references deployments on delete restrict,
                position integer not null,
                weight integer not null check (weight >= 0),
                primary key (model_id, deployment_id)
            );
            create index model_deployments_by_deployment on model_deployments (deployment_id);

            create table price_versions (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                deployment_id uuid not null references deployments on delete cascade,
                valid_from timestamptz not null,
                components jsonb not null,
                created_by text not null,
                created_at timestamptz not null
            );
            create index price_versions_by_deployment on price_versions (deployment_id, valid_from desc);
            create index price_versions_by_organisation on price_versions (organisation_id);

            create table audit_entries (
                id uuid primary key,
                at timestamptz not null,
                organisation_id uuid,
                actor text not null,
                action text not null,
                target_kind text not null,
                target_id uuid not null,
                before jsonb,
                after jsonb,
                revision bigint not null,
                remote_address text
            );
            create index audit_entries_by_organisation on audit_entries (organisation_id, at desc, id desc);
            create index audit_entries_by_target on audit_entries (target_id, at desc);

            create table configuration_changes (
                revision bigint not null,
                kind text not null,
                entity_id uuid not null,
                organisation_id uuid not null,
                at timestamptz not null,
                primary key (revision, kind, entity_id)
            );

            -- One row. Its update is the last statement of every configuration write: the row lock makes revisions commit in order.
            create table configuration_state (
                id boolean primary key default true check (id),
                revision bigint not null
            );
            insert into configuration_state (id, revision) values (true, 0);

            create function announce_configuration() returns trigger language plpgsql as $$
            begin
                perform pg_notify('configuration', new.revision::text);
                return null;
            end $$;
            create trigger announce_configuration after update on configuration_state
                for each row execute function announce_configuration();
            """);
    }
}
