using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>The table of how well models do each task, in versions, and the feedback that callers give.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0008_quality")]
public sealed class M0008Quality : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- Each holds the whole table, and none is ever changed; the highest one of an organisation counts.
            create table quality_versions (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                version integer not null check (version > 0),
                source text not null check (source in ('import', 'benchmark', 'feedback')),
                note text not null,
                restored_from integer,
                created_at timestamptz not null,
                created_by text not null,
                unique (organisation_id, version)
            );

            -- By what is served: a provider's slug and its own name of the model. set_in is the version that brought these figures.
            create table quality_cells (
                version_id uuid not null references quality_versions on delete cascade,
                task text not null,
                provider text not null,
                model text not null,
                mean double precision not null check (mean between 0 and 1),
                lower double precision not null check (lower between 0 and mean),
                upper double precision not null check (upper between mean and 1),
                samples integer not null check (samples > 0),
                measured_on date not null,
                source text not null check (source in ('import', 'benchmark', 'feedback')),
                set_in integer not null,
                primary key (version_id, task, provider, model)
            );

            -- What feedback says now; not in versions, since it is worked out anew from the votes.
            create table quality_learned (
                organisation_id uuid not null references organisations on delete cascade,
                task text not null,
                provider text not null,
                model text not null,
                mean double precision not null check (mean between 0 and 1),
                lower double precision not null check (lower between 0 and mean),
                upper double precision not null check (upper between mean and 1),
                votes integer not null check (votes > 0),
                users integer not null check (users > 0),
                updated_at timestamptz not null,
                primary key (organisation_id, task, provider, model)
            );

            -- Which bar a model's deployments have to clear, for each task; null = as usual.
            alter table models add column quality jsonb;

            -- Votes on requests, written by gateways. One that is of no record yet has no usage_id and counts for nothing.
            create table feedback (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                key_id uuid not null,
                request_id text not null,
                name text not null,
                source text not null check (source in ('user', 'eval', 'outcome')),
                score double precision not null check (score between 0 and 1),
                comment text,
                tags jsonb,
                at timestamptz not null,
                usage_id uuid,
                usage_at timestamptz,
                voter text,
                task text,
                provider text,
                model text,
                unique (organisation_id, key_id, request_id, name)
            );
            create index feedback_waiting on feedback (at) where usage_id is null;
            create index feedback_by_usage on feedback (usage_id) where usage_id is not null;
            create index feedback_to_learn on feedback (organisation_id, at) where task is not null;
            """);
    }
}
