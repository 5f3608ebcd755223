using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Sample sets, benchmark runs and their results.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0010_benchmarks")]
public sealed class M0010Benchmarks : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table benchmark_sets (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                task text not null,
                metrics text[] not null check (cardinality(metrics) > 0),
                sample_count integer not null check (sample_count > 0),
                bytes bigint not null,
                created_at timestamptz not null,
                created_by text not null,
                unique (organisation_id, name)
            );

            create table benchmark_samples (
                set_id uuid primary key references benchmark_sets on delete cascade,
                lines text not null check (octet_length(lines) <= 4194304)
            );

            -- A portal works on a run while it holds the lease; the clock of leases is the database's.
            create table benchmark_runs (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                set_id uuid not null references benchmark_sets on delete cascade,
                metric text not null check (metric in ('exact', 'json_schema', 'rubric')),
                models text[] not null check (cardinality(models) between 1 and 8),
                judge text check ((metric = 'rubric') = (judge is not null)),
                team_id uuid not null references teams,
                key_id uuid not null,
                key_envelope bytea,
                sample_count integer not null check (sample_count > 0),
                max_tokens integer not null check (max_tokens > 0),
                concurrency integer not null check (concurrency between 1 and 16),
                keep_replies boolean not null,
                estimate jsonb not null,
                expected_nano_usd bigint not null check (expected_nano_usd >= 0),
                worst_nano_usd bigint not null check (worst_nano_usd >= 0),
                ceiling_nano_usd bigint check (ceiling_nano_usd >= 0),
                spent_nano_usd bigint not null default 0,
                done integer not null default 0,
                status text not null check (status in ('draft', 'queued', 'running', 'done', 'stopped', 'cancelled')),
                reason text,
                lease_owner uuid,
                lease_until timestamptz,
                created_at timestamptz not null,
                created_by text not null,
                started_at timestamptz,
                ended_at timestamptz,
                published_at timestamptz,
                published_by text,
                check ((status in ('done', 'stopped', 'cancelled')) = (ended_at is not null)),
                check (status in ('draft', 'cancelled') or ceiling_nano_usd is not null)
            );
            create index benchmark_runs_by_organisation on benchmark_runs (organisation_id, id desc);
            create index benchmark_runs_by_set on benchmark_runs (set_id);
            create index benchmark_runs_waiting on benchmark_runs (id) where status in ('queued', 'running');
            create index benchmark_runs_with_key on benchmark_runs (id) where key_envelope is not null;

            -- model is the place in the run's models, line the sample's in its set; provider and upstream say what served. Replies only where they were asked for, and not for long.
            create table benchmark_results (
                run_id uuid not null references benchmark_runs on delete cascade,
                model smallint not null,
                line integer not null,
                score double precision check (score between 0 and 1),
                error text,
                provider text,
                upstream text,
                latency_us bigint not null,
                cost_nano_usd bigint not null,
                judge_nano_usd bigint not null,
                reply text,
                reply_until timestamptz check ((reply is null) = (reply_until is null)),
                primary key (run_id, model, line),
                check ((score is null) = (error is not null))
            );
            create index benchmark_results_with_reply on benchmark_results (reply_until) where reply_until is not null;
            """);
    }
}
