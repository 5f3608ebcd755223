using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Daily and weekly digests: one of each day and week of an organisation's calendar, however many portals make them.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0058_digests")]
public sealed class M0058Digests : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table alert_digests (
                id uuid primary key,
                organisation_id uuid not null references organisations (id) on delete cascade,
                period text not null check (period in ('daily', 'weekly')),
                day date not null,
                document jsonb not null,
                made_at timestamptz not null,
                unique (organisation_id, period, day)
            );
            create index alert_digests_by_time on alert_digests (organisation_id, id desc);
            """);
    }
}
