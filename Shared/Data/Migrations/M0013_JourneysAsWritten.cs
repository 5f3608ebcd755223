using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Journeys stay as they were written; see decision 0124.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0013_journeys_as_written")]
public sealed class M0013JourneysAsWritten : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("alter table journeys alter column document type json using document::text::json;");
    }
}
