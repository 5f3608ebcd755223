using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>The content store: policies, wrapped keys, encrypted texts by day, legal holds and erasures (decision 0200).</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0060_content")]
public sealed class M0060Content : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table content_policies (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('organisation', 'team')),
                scope_id text,
                settings jsonb not null,
                created_at timestamptz not null,
                created_by text not null,
                -- The days that kept rows were shortened to last; see the portal's retention.
                applied_days integer,
                check ((scope_kind = 'organisation') = (scope_id is null)),
                unique nulls not distinct (organisation_id, scope_kind, scope_id)
            );

            -- Without a subject: the organisation's own, wrapped by the master key. With one: a subject's, wrapped by the organisation's. Without the wrapped bytes: destroyed, and with it all that it encrypted.
            create table content_keys (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                subject bytea,
                version integer not null,
                wrapped bytea,
                created_at timestamptz not null,
                destroyed_at timestamptz,
                check ((wrapped is null) = (destroyed_at is not null)),
                unique nulls not distinct (organisation_id, subject, version)
            );
            create index content_keys_destroyed on content_keys (destroyed_at) where destroyed_at is not null;

            create table content_records (
                id uuid not null,
                at timestamptz not null,
                organisation_id uuid not null,
                team_id uuid not null,
                key_id uuid not null,
                data_key uuid not null,
                key_version integer not null,
                model text,
                operation text not null,
                state text not null check (state in ('whole', 'blocked', 'cancelled', 'cut', 'failed')),
                is_masked boolean not null,
                has_prompt boolean not null,
                has_reply boolean not null,
                is_truncated boolean not null,
                plain_bytes integer not null,
                retain_until timestamptz not null,
                payload bytea not null,
                primary key (id, at)
            ) partition by range (at);
            create index content_records_by_organisation on content_records (organisation_id, at desc, id desc);
            create index content_records_by_data_key on content_records (data_key);
            create index content_records_due on content_records (retain_until);

            create table content_holds (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('organisation', 'team', 'user')),
                scope_id text,
                subject bytea,
                reason text not null,
                created_at timestamptz not null,
                created_by text not null,
                released_at timestamptz,
                released_by text,
                check ((scope_kind = 'organisation') = (scope_id is null)),
                check ((scope_kind = 'user') = (subject is not null)),
                check ((released_at is null) = (released_by is null))
            );
            create unique index content_holds_once on content_holds (organisation_id, scope_kind, scope_id) nulls not distinct where released_at is null;

            create table content_erasures (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                user_id text not null,
                subject bytea not null,
                reason text not null,
                created_at timestamptz not null,
                created_by text not null,
                rows_found bigint not null,
                rows_removed bigint not null default 0,
                finished_at timestamptz
            );
            create index content_erasures_by_organisation on content_erasures (organisation_id, id desc);
            create index content_erasures_open on content_erasures (id) where finished_at is null;

            create or replace function ensure_day_partitions(days date[]) returns integer language plpgsql as $$
            declare
                day date;
                parent text;
                made integer := 0;
            begin
                foreach parent in array array['usage_records', 'journeys', 'content_records'] loop
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

            -- Drops the days of the content store before the given one that hold no row any more; returns how many.
            create function drop_empty_content_partitions(before date) returns integer language plpgsql as $$
            declare
                partition record;
                holds_rows boolean;
                dropped integer := 0;
            begin
                for partition in
                    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
                    where i.inhparent = 'content_records'::regclass and to_date(right(c.relname, 8), 'YYYYMMDD') < before
                loop
                    execute format('select exists (select from %I)', partition.name) into holds_rows;
                    if not holds_rows then
                        execute format('lock table %I in access exclusive mode', partition.name);
                        execute format('select exists (select from %I)', partition.name) into holds_rows;
                        if not holds_rows then
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
