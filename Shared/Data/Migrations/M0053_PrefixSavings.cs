using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>What providers' prompt caches saved, in records and roll-ups. Of requests from before it was not noted: null in records, and 0 in sums; see decision 0184.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0053_prefix_savings")]
public sealed class M0053PrefixSavings : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            alter table usage_records add column prefix_saved_nano_usd bigint;
            alter table usage_hours add column prefix_saved_nano_usd bigint not null default 0;
            alter table usage_days add column prefix_saved_nano_usd bigint not null default 0;
            alter table usage_cubes add column prefix_saved_nano_usd bigint not null default 0;
            """);
    }
}
