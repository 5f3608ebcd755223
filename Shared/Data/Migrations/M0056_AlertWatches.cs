using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>
/// Alerts that page: their tier, the name that their subject has for people, what they were compared with and whether somebody was told; mutes; which portal watches; and what gateways say of their journals.
/// </summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0056_alert_watches")]
public sealed class M0056AlertWatches : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table alerts
                add column tier text not null default 'page',
                add column subject_name text,
                add column latest double precision not null default 0,
                add column learned text,
                add column samples integer not null default 0,
                add column announced_at timestamptz;
            update alerts set latest = value, announced_at = opened_at;
            create index alerts_to_announce on alerts (organisation_id) where closed_at is null and announced_at is null;

            -- Quiet for a time: what is raised meanwhile is written down and nobody is told.
            create table alert_mutes (
                id uuid primary key,
                organisation_id uuid not null references organisations (id) on delete cascade,
                kind text not null,
                subject text,
                until timestamptz not null,
                reason text not null,
                created_at timestamptz not null,
                created_by text not null
            );
            create index alert_mutes_by_end on alert_mutes (organisation_id, until desc);

            -- One portal watches at a time; its leave runs out when it dies.
            create table alert_watch (
                id smallint primary key default 0 check (id = 0),
                holder uuid not null,
                until timestamptz not null
            );
            insert into alert_watch (holder, until) values ('00000000-0000-0000-0000-000000000000', '-infinity');

            -- What each gateway said last of its journal.
            create table gateway_states (
                instance text primary key,
                at timestamptz not null,
                journal_bytes bigint not null,
                journal_max_bytes bigint not null,
                journal_depth bigint not null,
                journal_oldest_seconds double precision not null
            );
            """);
    }
}
