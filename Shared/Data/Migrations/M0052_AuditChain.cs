using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Each audit entry holds the hash of itself and of the one before, and portals sign where a chain stands; see decision 0181.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0052_audit_chain")]
public sealed class M0052AuditChain : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table audit_entries add column seq bigint, add column hash bytea;

            -- What an entry says, as one text: the readers of the chain make it anew from the columns.
            create function audit_said(a audit_entries) returns text language sql stable as $$
                select jsonb_build_array(a.seq, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.organisation_id, a.actor, a.action, a.target_kind, a.target_id, a.before, a.after,
                    a.revision, a.remote_address, a.undoes)::text
            $$;

            create function audit_chain() returns trigger language plpgsql as $$
            declare last record;
            begin
                -- Whoever inserts goes on where the one before ended; entries of one organisation wait for each other until they are committed.
                perform pg_advisory_xact_lock(hashtextextended('audit:' || coalesce(new.organisation_id::text, ''), 0));
                if exists (select from audit_entries where id = new.id) then return null; end if;
                select a.seq, a.hash into last from audit_entries a where a.organisation_id is not distinct from new.organisation_id order by a.seq desc nulls last limit 1;
                new.seq = coalesce(last.seq, 0) + 1;
                new.hash = sha256(coalesce(last.hash, ''::bytea) || convert_to(audit_said(new), 'UTF8'));
                return new;
            end
            $$;

            -- What is there already is chained as it stands today.
            do $$
            declare entry record; last_organisation uuid; last_seq bigint = 0; last_hash bytea = ''; is_first boolean = true; chained audit_entries;
            begin
                for entry in select a.id from audit_entries a order by a.organisation_id nulls first, a.revision, a.id loop
                    select * into chained from audit_entries where id = entry.id;
                    if is_first or chained.organisation_id is distinct from last_organisation then
                        last_seq = 0; last_hash = ''; last_organisation = chained.organisation_id; is_first = false;
                    end if;
                    chained.seq = last_seq + 1;
                    last_hash = sha256(last_hash || convert_to(audit_said(chained), 'UTF8'));
                    last_seq = chained.seq;
                    update audit_entries set seq = last_seq, hash = last_hash where id = entry.id;
                end loop;
            end
            $$;

            alter table audit_entries alter column seq set not null, alter column hash set not null;
            create unique index audit_entries_by_seq on audit_entries (organisation_id, seq desc) nulls not distinct;
            create trigger audit_entries_chain before insert on audit_entries for each row execute function audit_chain();

            -- Where a chain stood, signed with a key that the database does not know.
            create table audit_seals (
                organisation_id uuid,
                seq bigint not null,
                hash bytea not null,
                at timestamptz not null,
                signature bytea not null,
                unique nulls not distinct (organisation_id, seq)
            );
            """);
    }
}
