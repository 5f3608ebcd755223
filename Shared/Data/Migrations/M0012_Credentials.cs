using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Several credentials of a deployment. The first one stays where it is, so that what was set before, and gateways that are not updated yet, go on as they are.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0012_credentials")]
public sealed class M0012Credentials : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            -- In their order. An array cannot refer to rows: deleting a credential looks here, under the lock of the one writer.
            alter table deployments add column more_credential_ids uuid[] not null default '{}';
            create index deployments_by_more_credentials on deployments using gin (more_credential_ids);
            """);
    }
}
