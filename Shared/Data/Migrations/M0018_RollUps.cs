using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Roll-ups of usage, and what they are kept right with; see decisions 0133 and 0134.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0018_rollups")]
public sealed class M0018RollUps : Migration
{
    // The same in every table of sums.
    private const string Sums = """
                requests bigint not null,
                errors bigint not null,
                refused bigint not null,
                estimated bigint not null,
                succeeded bigint not null,
                cache_hits bigint not null,
                retried bigint not null,
                extra_attempts bigint not null,
                input_tokens bigint not null,
                cache_read_tokens bigint not null,
                cache_write_tokens bigint not null,
                output_tokens bigint not null,
                reasoning_tokens bigint not null,
                cost_nano_usd bigint not null,
                wasted_nano_usd bigint not null,
        """;

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql($"""
            -- The transaction that wrote a record last. What was there before has 0; only new records ask for theirs, so that no table is written again.
            alter table usage_records add column tx xid8 not null default '0';
            alter table usage_records alter column tx set default pg_current_xact_id();
            create index usage_records_by_tx on usage_records (tx);

            -- What a record was before it was changed: true from the transaction "born" up to the transaction "died".
            create table usage_corrections (
                id bigint generated always as identity primary key,
                organisation_id uuid not null,
                at timestamptz not null,
                born xid8 not null,
                died xid8 not null,
                record jsonb not null
            );
            create index usage_corrections_by_death on usage_corrections (died);

            create function keep_usage_correction() returns trigger language plpgsql as $$
            begin
                insert into usage_corrections (organisation_id, at, born, died, record) values (old.organisation_id, old.at, old.tx, pg_current_xact_id(), to_jsonb(old));
                new.tx := pg_current_xact_id();
                return new;
            end $$;
            create trigger usage_records_corrected before update on usage_records for each row execute function keep_usage_correction();

            -- Which cluster counts the transactions: in another one, out of a dump, they mean nothing.
            create function usage_cluster() returns bigint language sql stable as 'select system_identifier from pg_control_system()';

            -- One row. The roll-ups hold every record of transactions before "done"; whoever works on them holds its lock.
            create table usage_rollups (
                only_one boolean primary key default true check (only_one),
                done xid8 not null,
                complete_to timestamptz,
                records bigint not null,
                cluster bigint not null
            );
            insert into usage_rollups (done, records, cluster) values ('0', 0, usage_cluster());

            -- The zone that an organisation's hours and days are cut in.
            create table usage_rollup_zones (
                organisation_id uuid primary key,
                time_zone text not null
            );

            -- Sums by one property (facet) of a request, per hour and per day. The team is all zeros where all teams are meant; a request without the property has the value ''.
            create table usage_hours (
                organisation_id uuid not null,
                facet smallint not null,
                team_id uuid not null,
                at timestamptz not null,
                value text not null,
            {Sums}
                primary key (organisation_id, facet, team_id, at, value)
            ) with (fillfactor = 80);

            create table usage_days (
                organisation_id uuid not null,
                facet smallint not null,
                team_id uuid not null,
                day date not null,
                value text not null,
            {Sums}
                primary key (organisation_id, facet, team_id, value, day)
            ) with (fillfactor = 80);
            create index usage_days_by_day on usage_days (organisation_id, facet, team_id, day);

            -- Sums per day by all properties together, but those with very many values: for questions about more than one.
            create table usage_cubes (
                organisation_id uuid not null,
                day date not null,
                team_id uuid not null,
                feature text not null,
                agent text not null,
                model text not null,
                provider text not null,
                deployment text not null,
                route text not null,
                task text not null,
                status text not null,
                cache text not null,
            {Sums}
                primary key (organisation_id, team_id, day, feature, model, provider, deployment, agent, route, task, status, cache)
            ) with (fillfactor = 80);
            create index usage_cubes_by_feature on usage_cubes (organisation_id, feature, day);
            create index usage_cubes_by_model on usage_cubes (organisation_id, model, day);
            create index usage_cubes_by_provider on usage_cubes (organisation_id, provider, day);

            -- How many whole answers took how long: a count for each step of a logarithmic scale. Measure 0 is the latency, 1 the time to the first token.
            create table usage_latency_hours (
                organisation_id uuid not null,
                facet smallint not null,
                at timestamptz not null,
                value text not null,
                measure smallint not null,
                bin smallint not null,
                count bigint not null,
                primary key (organisation_id, facet, at, value, measure, bin)
            ) with (fillfactor = 80);

            create table usage_latency_days (
                organisation_id uuid not null,
                facet smallint not null,
                day date not null,
                value text not null,
                measure smallint not null,
                bin smallint not null,
                count bigint not null,
                primary key (organisation_id, facet, day, value, measure, bin)
            ) with (fillfactor = 80);
            """);
    }
}
