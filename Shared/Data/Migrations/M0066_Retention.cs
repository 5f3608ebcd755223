using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>How long organisations keep usage and journeys; see decision 0211.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0066_retention")]
public sealed class M0066Retention : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- Whole UTC days; null = as long as the installation does. The two dates say from which day on everything is still there; null = nothing was ever deleted for this organisation alone.
            create table retention (
                organisation_id uuid primary key references organisations on delete cascade,
                usage_days integer check (usage_days between 40 and 3660),
                journey_days integer check (journey_days between 1 and 3660),
                usage_since date,
                journeys_since date
            );

            -- The journeys of one organisation by time, to delete the oldest.
            create index journeys_by_organisation on journeys (organisation_id, at);

            -- As before, but a day with usage that no roll-up holds yet stays: its sums would be lost.
            create or replace function drop_day_partitions(parent text, before date) returns integer language plpgsql as $$
            declare
                partition record;
                waits boolean;
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
                        waits := false;
                        if parent = 'usage_records' then
                            execute format('select exists (select from %I where tx >= (select done from usage_rollups))', partition.name) into waits;
                            -- What a record was before is told by the record that follows it.
                            waits := waits or exists (
                                select from usage_corrections
                                where at >= partition.day::timestamp at time zone 'UTC' and at < (partition.day + 1)::timestamp at time zone 'UTC' and died >= (select done from usage_rollups));
                        end if;
                        if not waits then
                            execute format('drop table if exists %I', partition.name);
                            dropped := dropped + 1;
                        end if;
                    end if;
                end loop;
                return dropped;
            end $$;
            """);
    }
}
