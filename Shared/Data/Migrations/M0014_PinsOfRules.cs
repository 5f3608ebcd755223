using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Pins of the requests that a routing rule decides about.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0014_pins_of_rules")]
public sealed class M0014PinsOfRules : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table pins drop constraint pins_scope_kind_check;
            alter table pins add constraint pins_scope_kind_check check (scope_kind in ('rule', 'key', 'feature', 'team', 'model'));
            """);
    }
}
