using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Steps and gates of cascades.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0011_cascades")]
public sealed class M0011Cascades : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("alter table models add column cascade jsonb;");
    }
}
