using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Migration;
using AspireGateway.ServiceDefaults;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Audit.Chain;

/// <summary><c>Portal verify-audit</c>: looks through the audit of every organisation, for schedules and for whoever does not trust the running portal.</summary>
public static class VerifyAuditVerb
{
    /// <summary>Verifies.</summary>
    /// <param name="args">What stands behind the verb: settings.</param>
    /// <param name="output">Gets a line for each chain, and one for each fault.</param>
    /// <param name="errors">Gets what kept it from looking.</param>
    /// <returns>The process's exit code: 0 all is intact, 1 it could not look, 3 something was tampered with.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            var builder = Host.CreateApplicationBuilder(args);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.AddServiceDefaults();
            if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(ConfigurationStore.ConnectionName)))
                throw new SettingFault("no connection string: set ConnectionStrings__gatewaydb.");
            builder.AddNpgsqlDataSource(ConfigurationStore.ConnectionName);
            var box = SecretBox.FromSettings(builder.Configuration["Gateway:MasterKey"], builder.Configuration["Gateway:PreviousMasterKeys"]);
            using var host = builder.Build();
            var database = host.Services.GetRequiredService<NpgsqlDataSource>();
            var chains = await database.ReadAsync(
                "select distinct a.organisation_id, o.slug from audit_entries a left join organisations o on o.id = a.organisation_id union select s.organisation_id, o.slug from audit_seals s left join organisations o on o.id = s.organisation_id order by 2 nulls first",
                r => (Id: r.Nullable<Guid>(0), Slug: r.Text(1)), CancellationToken.None);
            var verify = new VerifyAudit(database, box);
            var isIntact = true;
            foreach (var (id, slug) in chains)
            {
                var found = await verify.OfAsync(id, CancellationToken.None);
                var name = slug ?? (id is null || id == Guid.Empty ? "the installation" : id.ToString());
                await output.WriteLineAsync($"{name}: {found.Entries} entries, {(found.IsIntact ? "intact" : "TAMPERED WITH")}, sealed to {found.SealedTo?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, head {found.Head}");
                foreach (var fault in found.Faults) await output.WriteLineAsync($"  entry {fault.Seq}{(fault.Id is { } entry ? $" ({entry})" : "")}: {fault.Message}");
                isIntact &= found.IsIntact;
            }
            return isIntact ? 0 : 3;
        }
        catch (Exception e) when (MigrateVerb.Explain(e) is { } line)
        {
            await errors.WriteLineAsync($"verify-audit: {line}");
            return 1;
        }
    }
}
