using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Votes of the last days, whatever the task.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0051_feedback_by_time")]
public sealed class M0051FeedbackByTime : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("create index feedback_by_time on feedback (organisation_id, at desc) where usage_id is not null;");
    }
}
