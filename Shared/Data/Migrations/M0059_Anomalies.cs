using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What is done to keys that run away: policies, and what they did (decision 0192).</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0059_anomalies")]
public sealed class M0059Anomalies : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table anomaly_policies (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('organisation', 'team', 'key')),
                scope_id text,
                settings jsonb not null,
                created_at timestamptz not null,
                created_by text not null,
                check ((scope_kind = 'organisation') = (scope_id is null)),
                unique nulls not distinct (organisation_id, scope_kind, scope_id)
            );

            create table key_brakes (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                key_id uuid not null references virtual_keys on delete cascade,
                -- Not a reference: alerts are forgotten after 400 days, whatever lasts until somebody lifts it does not.
                alert_id uuid not null,
                kind text not null check (kind in ('throttle', 'stop')),
                requests_per_minute integer check (requests_per_minute > 0),
                reason text not null,
                created_at timestamptz not null,
                until timestamptz,
                ended_at timestamptz,
                ended_by text,
                check ((kind = 'throttle') = (requests_per_minute is not null)),
                check ((ended_at is null) = (ended_by is null)),
                -- One event is answered once, however often it is tried.
                unique (alert_id, key_id)
            );
            create index key_brakes_by_key on key_brakes (key_id, id desc);
            create index key_brakes_by_organisation on key_brakes (organisation_id, id desc);
            create index key_brakes_open on key_brakes (until) where ended_at is null;

            alter table alerts
                -- Requests a minute that are usual for the caller.
                add column usual_rate double precision not null default 0,
                -- When the policy of its key was looked up and done, or nothing was to do.
                add column decided_at timestamptz;
            -- What was raised before there were policies was not theirs to answer.
            update alerts set decided_at = opened_at;
            create index alerts_to_decide on alerts (organisation_id) where closed_at is null and decided_at is null and kind = 'cost_spike';
            """);
    }
}
