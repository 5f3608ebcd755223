using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AspireGateway.Shared.Data.Migrations;

/// <summary>The audit says which change an undo took back, and is found by name, actor and kind; see decision 0147.</summary>
[DbContext(typeof(GatewayDbContext))]
[Migration("0026_audit")]
public sealed class M0026Audit : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        // The name is computed here so that rows which are there already have one too; writing it rewrites the table once.
        migrationBuilder.Sql("""
            alter table audit_entries
                add column undoes uuid,
                add column target_name text generated always as (coalesce(
                    after ->> 'name', before ->> 'name', after ->> 'model', before ->> 'model', after ->> 'deployment', before ->> 'deployment',
                    after ->> 'scope_id', before ->> 'scope_id', after ->> 'file_name')) stored;

            create index audit_entries_by_undoes on audit_entries (undoes) where undoes is not null;
            create index audit_entries_by_name on audit_entries (organisation_id, lower(target_name) text_pattern_ops) where target_name is not null;
            create index audit_entries_by_actor on audit_entries (organisation_id, lower(actor) text_pattern_ops, at desc, id desc);
            create index audit_entries_by_kind on audit_entries (organisation_id, target_kind, at desc, id desc);
            """);
    }
}
