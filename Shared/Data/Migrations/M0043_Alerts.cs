using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What was unusual and for how long. One open alert a subject, however many portals look.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0043_alerts")]
public sealed class M0043Alerts : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table alerts (
                id uuid primary key,
                organisation_id uuid not null references organisations (id) on delete cascade,
                kind text not null,
                subject text not null,
                value double precision not null,
                usual double precision not null,
                threshold double precision not null,
                opened_at timestamptz not null,
                seen_at timestamptz not null,
                closed_at timestamptz,
                acknowledged_at timestamptz,
                acknowledged_by text
            );
            create unique index alerts_open on alerts (organisation_id, kind, subject) where closed_at is null;
            create index alerts_by_time on alerts (organisation_id, id desc);
            """);
    }
}
