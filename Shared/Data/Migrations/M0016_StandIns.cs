using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What circuits did also says who stood in for one that was left alone; see decision 0129.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0016_stand_ins")]
public sealed class M0016StandIns : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        // Rows that are there already have one of the other words: no need to look at them under the lock.
        migrationBuilder.Sql("""
            alter table circuit_events drop constraint circuit_events_state_check;
            alter table circuit_events add constraint circuit_events_state_check check (state in ('closed', 'recovering', 'open', 'resting', 'standing_in')) not valid;
            """);
    }
}
