using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>The least that guardrails do for a team's and a key's requests; see decision 0180.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0050_guardrail_levels")]
public sealed class M0050GuardrailLevels : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table teams add column guardrail_level text check (guardrail_level in ('standard', 'strict'));
            alter table virtual_keys add column guardrail_level text check (guardrail_level in ('standard', 'strict'));
            """);
    }
}
