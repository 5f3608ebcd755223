using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Requests that guardrails keep until a reviewer decides (decision 0160).</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0036_quarantine")]
public sealed class M0036Quarantine : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table quarantined_requests (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                team_id uuid not null references teams on delete cascade,
                key_id uuid not null references virtual_keys on delete cascade,
                record_id uuid not null,
                operation text not null,
                model text not null,
                user_id text,
                feature text,
                agent text,
                guardrails text[] not null check (cardinality(guardrails) > 0),
                finding_types text[] not null,
                finding_counts integer[] not null,
                body_hash bytea not null,
                body_bytes integer not null,
                payload bytea,
                state text not null default 'pending' check (state in ('pending', 'released', 'rejected', 'expired')),
                created_at timestamptz not null,
                deadline timestamptz not null,
                decided_at timestamptz,
                decided_by text,
                note text,
                valid_until timestamptz,
                used_at timestamptz,
                announced_at timestamptz,
                decision_announced_at timestamptz,
                check (cardinality(finding_types) = cardinality(finding_counts)),
                check ((state = 'pending') = (decided_at is null)),
                check ((state = 'released') = (valid_until is not null)),
                check (used_at is null or state = 'released')
            );
            create unique index quarantined_requests_pending_once on quarantined_requests (key_id, body_hash) where state = 'pending';
            create index quarantined_requests_pending on quarantined_requests (organisation_id, deadline) where state = 'pending';
            create index quarantined_requests_due on quarantined_requests (deadline) where state = 'pending';
            create index quarantined_requests_by_organisation on quarantined_requests (organisation_id, id desc);
            create index quarantined_requests_with_payload on quarantined_requests (decided_at) where payload is not null;
            create index quarantined_requests_decided on quarantined_requests (decided_at) where decided_at is not null;
            create index quarantined_requests_to_announce on quarantined_requests (created_at) where announced_at is null;
            create index quarantined_requests_decisions_to_announce on quarantined_requests (decided_at) where decided_at is not null and decision_announced_at is null;
            """);
    }
}
