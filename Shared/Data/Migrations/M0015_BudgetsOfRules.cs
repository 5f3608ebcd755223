using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Rules may look at the budget of any scope: what was the id of a team is the id of whatever the scope is.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0015_budgets_of_rules")]
public sealed class M0015BudgetsOfRules : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            update routing_rules
            set conditions = jsonb_set(conditions #- '{budget,team_id}', '{budget,scope_id}', conditions #> '{budget,team_id}')
            where conditions #> '{budget,team_id}' is not null;
            """);
    }
}
