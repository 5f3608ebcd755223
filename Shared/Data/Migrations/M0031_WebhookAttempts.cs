using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Each try to deliver an event, for as long as its delivery is kept.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0031_webhook_attempts")]
public sealed class M0031WebhookAttempts : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("""
            create table webhook_attempts (
                id uuid primary key,
                webhook_id uuid not null references webhooks on delete cascade,
                delivery_id uuid not null references webhook_deliveries on delete cascade,
                number integer not null,
                at timestamptz not null,
                duration_ms integer not null,
                status integer,
                error text,
                next_attempt_at timestamptz,
                asked_by text
            );
            create index webhook_attempts_by_webhook on webhook_attempts (webhook_id, id desc);
            create index webhook_attempts_by_delivery on webhook_attempts (delivery_id, id desc);
            """);
    }
}
