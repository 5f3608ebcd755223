using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Requests in which guardrails found something: few among many, so that they have an index of their own (decision 0150).</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0035_guardrail_findings")]
public sealed class M0035GuardrailFindings : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create index usage_records_by_finding on usage_records (organisation_id, at desc, id desc) where cardinality(guardrails_triggered) > 0;
            """);
    }
}
