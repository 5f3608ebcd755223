using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Residency, version pins and canaries.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0009_canaries")]
public sealed class M0009Canaries : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- Region patterns; empty = any region.
            alter table teams add column allowed_regions text[] not null default '{}';
            alter table virtual_keys add column allowed_regions text[] not null default '{}';

            create table residency_rules (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('organisation', 'data_class', 'user', 'feature')),
                scope_id text check ((scope_kind = 'organisation') = (scope_id is null)),
                regions text[] not null check (cardinality(regions) > 0),
                created_at timestamptz not null,
                created_by text not null,
                unique nulls not distinct (organisation_id, scope_kind, scope_id)
            );

            create table pins (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('key', 'feature', 'team', 'model')),
                scope_id text check ((scope_kind = 'model') = (scope_id is null)),
                model text not null,
                deployment_id uuid not null references deployments on delete restrict,
                version text not null,
                served_as text,
                on_unavailable text not null check (on_unavailable in ('fail', 'allow')),
                created_at timestamptz not null,
                created_by text not null,
                unique nulls not distinct (organisation_id, model, scope_kind, scope_id)
            );
            create index pins_by_deployment on pins (deployment_id);

            -- Shares are hundredths of a percent, one a step; dwell_seconds is as long.
            create table canaries (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                model text not null,
                deployment_id uuid not null references deployments on delete restrict,
                sticky text not null check (sticky in ('user', 'key', 'request')),
                shares integer[] not null check (cardinality(shares) between 1 and 20),
                dwell_seconds integer[] not null check (cardinality(dwell_seconds) = cardinality(shares)),
                min_requests integer not null check (min_requests > 0),
                max_error_increase double precision check (max_error_increase >= 0),
                max_latency_ratio double precision check (max_latency_ratio >= 1),
                max_cost_ratio double precision check (max_cost_ratio >= 1),
                max_quality_drop double precision check (max_quality_drop >= 0),
                status text not null check (status in ('running', 'promoted', 'aborted', 'rolled_back')),
                reason text,
                created_at timestamptz not null,
                created_by text not null,
                ended_at timestamptz,
                ended_by text,
                check ((status = 'running') = (ended_at is null))
            );
            create unique index canaries_running on canaries (organisation_id, model) where status = 'running';
            create index canaries_by_organisation on canaries (organisation_id, id desc);
            create index canaries_by_deployment on canaries (deployment_id);

            -- Written by gateways, once an occurrence whoever is first; the portal announces what has no announced_at.
            create table steering_events (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                type text not null,
                subject_id uuid not null,
                occurrence text not null,
                detail jsonb not null,
                at timestamptz not null,
                announced_at timestamptz,
                unique (subject_id, type, occurrence)
            );
            create index steering_events_by_organisation on steering_events (organisation_id, id desc);
            create index steering_events_unannounced on steering_events (at) where announced_at is null;
            """);
    }
}
