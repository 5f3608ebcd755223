using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Usage written to files on a schedule, each period once; see decision 0212.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0067_usage_exports")]
public sealed class M0067UsageExports : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- "next_from" is where the next file begins. "since" is the transaction up to which records of before were told; they mean nothing in another cluster.
            create table usage_exports (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                format text not null check (format in ('csv', 'ndjson')),
                period text not null check (period in ('hourly', 'daily', 'weekly')),
                is_enabled boolean not null,
                next_from timestamptz not null,
                since xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
                cluster bigint not null default usage_cluster(),
                created_by text not null,
                created_at timestamptz not null,
                unique (organisation_id, name)
            );

            -- A file: begun with the transactions that it tells of, so that writing it again tells the same.
            create table usage_export_runs (
                id uuid primary key,
                export_id uuid not null references usage_exports on delete cascade,
                organisation_id uuid not null,
                from_at timestamptz not null,
                to_at timestamptz not null,
                since xid8 not null,
                until xid8 not null,
                file text not null,
                status text not null check (status in ('running', 'done')),
                records bigint,
                late bigint,
                bytes bigint,
                sha256 text,
                attempts integer not null default 0,
                next_attempt_at timestamptz not null,
                error text,
                created_at timestamptz not null,
                ended_at timestamptz,
                unique (export_id, from_at)
            );
            create index usage_export_runs_by_organisation on usage_export_runs (organisation_id, id desc);
            """);
    }
}
