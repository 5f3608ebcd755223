using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What answers from the cache saved, in the roll-ups too. What was rolled up before had no such answers, so its sums are 0; see decision 0170.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0044_cache_figures")]
public sealed class M0044CacheFigures : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table usage_hours add column saved_nano_usd bigint not null default 0, add column saved_us bigint not null default 0;
            alter table usage_days add column saved_nano_usd bigint not null default 0, add column saved_us bigint not null default 0;
            alter table usage_cubes add column saved_nano_usd bigint not null default 0, add column saved_us bigint not null default 0;
            """);
    }
}
