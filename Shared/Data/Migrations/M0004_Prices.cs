using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Price books, where a price comes from, what a deployment can do, and what a bill needs besides tokens to be explained.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0004_prices")]
public sealed class M0004Prices : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- What was used besides tokens (images, audio, searches ...) and which tier served; null for requests that used neither.
            alter table usage_records add column units jsonb, add column service_tier text;

            -- Imports follow prices that came from a book, and leave those alone that a person set.
            alter table price_versions add column source text not null default 'manual' check (source in ('manual', 'book'));
            update price_versions set source = 'book' where created_by = 'seed';

            -- What the model behind a deployment can do; null = nobody said.
            alter table deployments add column abilities text[];

            -- Every imported price book, newest last; the newest one of an organisation counts.
            create table price_books (
                id uuid primary key,
                organisation_id uuid not null references organisations on delete cascade,
                file_name text not null,
                sha256 bytea not null check (length(sha256) = 32),
                model_count integer not null check (model_count > 0),
                content bytea not null,
                created_by text not null,
                created_at timestamptz not null
            );
            create index price_books_by_organisation on price_books (organisation_id, id desc);
            comment on column price_books.content is 'the file as it was given, gzip';
            """);
    }
}
