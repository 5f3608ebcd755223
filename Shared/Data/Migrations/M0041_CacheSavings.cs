using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What answers from the cache saved. Null where the cache did not answer; records from before are unchanged.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0041_cache_savings")]
public sealed class M0041CacheSavings : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table usage_records add column saved_nano_usd bigint;
            alter table usage_records add column saved_us bigint;
            """);
    }
}
