using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Checks that read pictures and sounds; see decision 0177.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0047_media_checks")]
public sealed class M0047MediaChecks : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table guardrail_checks drop constraint guardrail_checks_kind_check;
            alter table guardrail_checks add constraint guardrail_checks_kind_check check (kind in ('moderations', 'chat', 'webhook', 'presidio', 'ocr', 'transcription'));
            """);
    }
}
