using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>In which shape a webhook is told: signed JSON, a chat's own, or e-mail.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0057_channels")]
public sealed class M0057Channels : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("alter table webhooks add column kind text not null default 'generic' check (kind in ('generic', 'slack', 'teams', 'email'));");
    }
}
