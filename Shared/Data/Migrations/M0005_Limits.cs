using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Limits, budgets, tiers, kill switches, approvals, webhooks, and which gateways live.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0005_limits")]
public sealed class M0005Limits : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table organisations add column store_policy text not null default 'closed' check (store_policy in ('closed', 'local'));

            alter table teams
                add column approval_threshold_nano_usd bigint check (approval_threshold_nano_usd >= 0),
                add column approval_action text check (approval_action in ('wait', 'cheaper')),
                add column approval_model text;

            alter table virtual_keys
                add column user_id text,
                add column agent text,
                add column priority text not null default 'normal' check (priority in ('low', 'normal', 'high')),
                add column hold_policy text not null default 'exact' check (hold_policy in ('exact', 'learned', 'soft')),
                add column approval_threshold_nano_usd bigint check (approval_threshold_nano_usd >= 0),
                add column approval_action text check (approval_action in ('wait', 'cheaper')),
                add column approval_model text;

            -- organisation_id is all zeros for what holds for the whole installation; scope_id null = the default of the kind.
            create table limits (
                id uuid primary key,
                organisation_id uuid not null,
                scope_kind text not null check (scope_kind in ('global', 'organisation', 'team', 'user', 'key', 'feature', 'agent', 'model', 'deployment')),
                scope_id text,
                unit text not null check (unit in ('requests', 'tokens', 'concurrency', 'output_tokens')),
                amount bigint not null check (amount > 0),
                period text check (period in ('second', 'minute', 'hour', 'day')),
                burst bigint check (burst > 0 and burst <= amount),
                on_limit text not null check (on_limit in ('reject', 'queue', 'downgrade', 'clamp')),
                queue_ms integer check (queue_ms between 1 and 600000),
                downgrade_model text,
                created_at timestamptz not null,
                created_by text not null,
                check ((unit in ('requests', 'tokens')) = (period is not null)),
                unique nulls not distinct (organisation_id, scope_kind, scope_id, unit, period)
            );

            create table budgets (
                id uuid primary key,
                organisation_id uuid not null,
                scope_kind text not null check (scope_kind in ('global', 'organisation', 'team', 'user', 'key', 'feature', 'agent', 'model')),
                scope_id text,
                period text not null check (period in ('daily', 'weekly', 'monthly', 'total')),
                cap_nano_usd bigint not null check (cap_nano_usd between 0 and 9000000000000000),
                on_exceeded text not null check (on_exceeded in ('reject', 'downgrade', 'soft')),
                downgrade_model text,
                thresholds integer[] not null,
                created_at timestamptz not null,
                created_by text not null,
                unique nulls not distinct (organisation_id, scope_kind, scope_id, period)
            );

            create table budget_raises (
                id uuid primary key,
                organisation_id uuid not null,
                budget_id uuid not null references budgets on delete cascade,
                scope_id text,
                amount_nano_usd bigint not null check (amount_nano_usd > 0),
                until timestamptz not null,
                reason text not null,
                created_at timestamptz not null,
                created_by text not null
            );
            create index budget_raises_by_organisation on budget_raises (organisation_id, until desc);
            create index budget_raises_by_budget on budget_raises (budget_id, until desc);

            -- Written by gateways, once a window and threshold whoever sees it first; the portal announces what has no announced_at.
            create table budget_events (
                id uuid primary key,
                organisation_id uuid not null,
                budget_id uuid not null references budgets on delete cascade,
                scope_kind text not null,
                scope_id text not null default '',
                window_start timestamptz not null,
                threshold integer not null,
                settled_nano_usd bigint not null,
                cap_nano_usd bigint not null,
                at timestamptz not null,
                announced_at timestamptz,
                unique (budget_id, scope_id, window_start, threshold)
            );
            create index budget_events_by_organisation on budget_events (organisation_id, at desc);
            create index budget_events_unannounced on budget_events (at) where announced_at is null;

            create table tiers (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                requests_per_minute bigint check (requests_per_minute > 0),
                tokens_per_minute bigint check (tokens_per_minute > 0),
                concurrency bigint check (concurrency > 0),
                created_at timestamptz not null,
                unique (organisation_id, name)
            );

            create table tier_assignments (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                scope_kind text not null check (scope_kind in ('key', 'team', 'user')),
                scope_id text,
                tier_id uuid not null references tiers on delete restrict,
                unique nulls not distinct (organisation_id, scope_kind, scope_id)
            );
            create index tier_assignments_by_tier on tier_assignments (tier_id);

            -- Every organisation begins with the same four.
            insert into tiers (id, organisation_id, name, requests_per_minute, tokens_per_minute, concurrency, created_at)
            select gen_random_uuid(), o.id, t.name, t.rpm, t.tpm, t.concurrency, now()
            from organisations o
            cross join (values ('Free', 10, 10000, 2), ('Standard', 60, 100000, 10), ('Premium', 300, 500000, 50), ('Enterprise', 1000, 2000000, 200))
                as t (name, rpm, tpm, concurrency);

            create table kill_switches (
                id uuid primary key,
                organisation_id uuid not null,
                scope_kind text not null check (scope_kind in ('global', 'organisation', 'team', 'user', 'key', 'feature', 'agent', 'model', 'deployment')),
                scope_id text,
                reason text not null,
                created_at timestamptz not null,
                created_by text not null,
                unique nulls not distinct (organisation_id, scope_kind, scope_id)
            );

            -- Asked for by gateways, decided by people.
            create table approvals (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                team_id uuid not null references teams on delete cascade,
                key_id uuid not null references virtual_keys on delete cascade,
                record_id uuid not null,
                model text not null,
                user_id text,
                feature text,
                expected_nano_usd bigint not null,
                worst_case_nano_usd bigint not null,
                threshold_nano_usd bigint not null,
                status text not null default 'pending' check (status in ('pending', 'granted', 'denied')),
                requested_at timestamptz not null,
                decided_at timestamptz,
                decided_by text,
                reason text,
                once boolean not null default true,
                ceiling_nano_usd bigint check (ceiling_nano_usd > 0),
                valid_until timestamptz
            );
            create index approvals_by_organisation on approvals (organisation_id, id desc);
            create index approvals_by_team on approvals (team_id, id desc);
            create index approvals_granted on approvals (organisation_id) where status = 'granted';

            create table webhooks (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                name text not null,
                url text not null,
                secret_envelope bytea not null,
                events text[] not null default '{}',
                is_enabled boolean not null,
                created_at timestamptz not null,
                unique (organisation_id, name)
            );

            create table webhook_deliveries (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                webhook_id uuid not null references webhooks on delete cascade,
                event_type text not null,
                payload jsonb not null,
                created_at timestamptz not null,
                attempts integer not null default 0,
                next_attempt_at timestamptz,
                delivered_at timestamptz,
                last_status integer,
                last_error text
            );
            create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where next_attempt_at is not null;
            create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id desc);

            -- Which gateways live, by their own word: who opens a ledger anew waits for all of them. Not configuration.
            create table gateway_instances (
                id uuid primary key,
                name text not null,
                started_at timestamptz not null,
                seen_at timestamptz not null
            );

            -- The last refusals, for those who may change what refused.
            create index usage_records_refused on usage_records (organisation_id, at desc) where status = 'refused';
            -- Sums of what a scope spent in a window, when a ledger is opened anew.
            create index usage_records_by_user on usage_records (organisation_id, user_id, at desc) where user_id is not null;
            """);
    }
}
