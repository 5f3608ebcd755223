using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>Days of each team by feature, model and provider, the dearest first: the teams of one value without the cube; see decision 0156.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0049_teams_of_a_value")]
public sealed class M0049TeamsOfAValue : Migration
{
    private const string AllTeams = "'00000000-0000-0000-0000-000000000000'";

    private const string Figures = """
        requests, errors, refused, estimated, succeeded, cache_hits, retried, extra_attempts, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd, wasted_nano_usd,
        saved_nano_usd, saved_us
        """;

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        var sums = string.Join(", ", Figures.Split(',', StringSplitOptions.TrimEntries).Select(figure => $"sum({figure})"));
        // Roll-ups are written under the lock of their row; none may be between what is copied and the next batch.
        migrationBuilder.Sql("select done from usage_rollups for update;");
        foreach (var (facet, column) in new[] { (4, "feature"), (6, "model"), (7, "provider") })
        {
            migrationBuilder.Sql($"""
                insert into usage_days (organisation_id, facet, team_id, day, value, {Figures})
                select organisation_id, {facet}, team_id, day, {column}, {sums} from usage_cubes where team_id <> {AllTeams} group by organisation_id, team_id, day, {column};
                """);
        }
        migrationBuilder.Sql($"create index usage_days_of_teams on usage_days (organisation_id, facet, value, day, cost_nano_usd desc) where team_id <> {AllTeams} and facet in (4, 6, 7);");
    }
}
