using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>An organisation's revisions are listed, and what came after one is found; see decision 0151.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0030_configuration_history")]
public sealed class M0030ConfigurationHistory : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("create index audit_entries_by_revision on audit_entries (organisation_id, revision desc, id desc);");
    }
}
