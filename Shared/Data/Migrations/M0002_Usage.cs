using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>The usage ledger and the journeys beside it, both partitioned by UTC day so that retention drops tables instead of deleting rows.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0002_usage")]
public sealed class M0002Usage : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table usage_records (
                id uuid not null,
                at timestamptz not null,
                request_id text not null,
                organisation_id uuid not null,
                team_id uuid not null,
                key_id uuid not null,
                user_id text,
                feature text,
                agent text,
                route text not null,
                task text,
                model text,
                provider text,
                deployment text,
                served_model text,
                fallback_chain text[] not null,
                price_version_id uuid,
                input_tokens bigint not null,
                cache_read_tokens bigint not null,
                cache_write_tokens bigint not null,
                output_tokens bigint not null,
                reasoning_tokens bigint not null,
                latency_us bigint not null,
                ttft_us bigint,
                overhead_us bigint not null,
                status text not null,
                status_code integer not null,
                error text,
                cost_nano_usd bigint not null,
                estimated boolean not null,
                streamed boolean not null,
                cache_hit text,
                guardrails_triggered text[] not null,
                tags jsonb,
                feedback real,
                primary key (id, at)
            ) partition by range (at);
            create index usage_records_by_organisation on usage_records (organisation_id, at desc, id desc);
            create index usage_records_by_key on usage_records (key_id, at desc);
            create index usage_records_by_request on usage_records (organisation_id, request_id);

            -- What happened on the way, without content: candidates, attempts, timings. Read for one request's page, so it has its own retention.
            create table journeys (
                id uuid not null,
                at timestamptz not null,
                organisation_id uuid not null,
                document jsonb not null,
                primary key (id, at)
            ) partition by range (at);

            -- When each key was last used. Not configuration: written by gateways with their usage.
            create table key_activity (
                key_id uuid primary key,
                last_used_at timestamptz not null
            );

            -- Makes the partitions of the given UTC days where they are missing. Safe to call from several sessions at once.
            create function ensure_day_partitions(days date[]) returns integer language plpgsql as $$
            declare
                day date;
                parent text;
                made integer := 0;
            begin
                foreach parent in array array['usage_records', 'journeys'] loop
                    foreach day in array days loop
                        if to_regclass(format('%I', parent || '_' || to_char(day, 'YYYYMMDD'))) is null then
                            perform pg_advisory_xact_lock(hashtext('ensure_day_partitions'));
                            execute format(
                                'create table if not exists %I partition of %I for values from (%L) to (%L)',
                                parent || '_' || to_char(day, 'YYYYMMDD'), parent,
                                day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
                            made := made + 1;
                        end if;
                    end loop;
                end loop;
                return made;
            end $$;

            -- Drops the partitions of one table that end at or before the given UTC day; returns how many.
            create function drop_day_partitions(parent text, before date) returns integer language plpgsql as $$
            declare
                partition record;
                dropped integer := 0;
            begin
                if parent not in ('usage_records', 'journeys') then
                    raise exception 'not a table partitioned by day: %', parent;
                end if;
                for partition in
                    select c.relname as name, to_date(right(c.relname, 8), 'YYYYMMDD') as day
                    from pg_inherits i join pg_class c on c.oid = i.inhrelid
                    where i.inhparent = parent::regclass
                loop
                    if partition.day < before then
                        execute format('drop table if exists %I', partition.name);
                        dropped := dropped + 1;
                    end if;
                end loop;
                return dropped;
            end $$;
            """);
    }
}
