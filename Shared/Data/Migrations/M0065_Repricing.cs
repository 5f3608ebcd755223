using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Jobs that price recorded usage anew, and what each record cost before; see decision 0210.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0065_repricing")]
public sealed class M0065Repricing : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- Records of an organisation that its ledger counted already were priced anew so often; from one sequence, so that the largest of all organisations grows as well.
            create sequence books_rewritten;
            alter table organisations add column books_rewritten bigint not null default 0;

            create table repricing_jobs (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                deployment_id uuid not null,
                deployment text not null,
                price_version_id uuid not null,
                from_at timestamptz not null,
                to_at timestamptz not null check (to_at > from_at),
                reason text not null,
                status text not null check (status in ('running', 'done', 'cancelled')),
                total bigint not null,
                looked_at bigint not null default 0,
                corrected bigint not null default 0,
                left_alone bigint not null default 0,
                old_nano_usd bigint not null default 0,
                new_nano_usd bigint not null default 0,
                last_at timestamptz,
                last_id uuid,
                created_by text not null,
                created_at timestamptz not null,
                ended_at timestamptz
            );
            create index repricing_jobs_by_organisation on repricing_jobs (organisation_id, id desc);
            -- Two jobs on the same records would undo each other.
            create unique index repricing_jobs_one_runs on repricing_jobs (deployment_id) where status = 'running';

            -- What a job made of a record, once for each job and record. Kept as long as the record.
            create table price_corrections (
                job_id uuid not null references repricing_jobs on delete cascade,
                record_id uuid not null,
                at timestamptz not null,
                organisation_id uuid not null,
                old_price_version_id uuid,
                old_nano_usd bigint not null,
                new_nano_usd bigint not null,
                primary key (job_id, record_id)
            );
            create index price_corrections_by_record on price_corrections (organisation_id, at, record_id);
            """);
    }
}
