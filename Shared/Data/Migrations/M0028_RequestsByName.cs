using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Requests of a feature or an agent, and keys that are about to expire; see decision 0150.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0028_requests_by_name")]
public sealed class M0028RequestsByName : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create index usage_records_by_feature on usage_records (organisation_id, feature, at desc, id desc) where feature is not null;
            create index usage_records_by_agent on usage_records (organisation_id, agent, at desc, id desc) where agent is not null;
            create index virtual_keys_by_expiry on virtual_keys (organisation_id, expires_at) where expires_at is not null and revoked_at is null;
            """);
    }
}
