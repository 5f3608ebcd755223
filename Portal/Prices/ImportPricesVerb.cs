using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Migration;
using AspireGateway.Portal.Security;
using AspireGateway.ServiceDefaults;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Prices;

/// <summary><c>Portal import-prices FILE [--organization SLUG] [--dry-run] [--overwrite-manual]</c>: the import of a price file for scripts and schedules.</summary>
public static class ImportPricesVerb
{
    private const string ActorName = "import-prices";
    private const string Usage = "usage: Portal import-prices FILE [--organization SLUG] [--dry-run] [--overwrite-manual]";

    /// <summary>Imports.</summary>
    /// <param name="args">What stands behind the verb.</param>
    /// <param name="output">Gets the differences.</param>
    /// <param name="errors">Gets what was wrong, a line each.</param>
    /// <returns>The process's exit code: 0 done, 1 failed, 2 called wrongly.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        if (Read(args) is not { } call)
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCancel = (_, e) => { e.Cancel = true; stop.Cancel(); };
        Console.CancelKeyPress += onCancel;
        try
        {
            var result = await ImportAsync(call, stop.Token);
            if (result.Failure is { } failure)
            {
                foreach (var line in failure is Failure.Invalid invalid ? invalid.Faults.Select(f => f.Message) : [failure.Message])
                    await errors.WriteLineAsync($"import-prices: {line}");
                return 1;
            }
            await WriteAsync(output, result.Value);
            return 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"import-prices: {call.File} cannot be read.");
            return 1;
        }
        catch (Exception e) when (MigrateVerb.Explain(e) is { } line)
        {
            await errors.WriteLineAsync($"import-prices: {line}");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
        }
    }

    private static async Task<Result<PriceImport>> ImportAsync(Call call, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(call.File);
        var builder = Host.CreateApplicationBuilder(call.Settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddServiceDefaults();
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(ConfigurationStore.ConnectionName)))
            throw new SettingFault("no connection string: set ConnectionStrings__gatewaydb.");
        builder.AddNpgsqlDataSource(ConfigurationStore.ConnectionName);
        builder.Services.AddConfigurationWriter(builder.Configuration);
        builder.Services.AddSingleton<ImportPrices>();
        using var host = builder.Build();

        Guid? organisation;
        await using (var context = await host.Services.GetRequiredService<IDbContextFactory<GatewayDbContext>>().CreateDbContextAsync(cancellationToken))
        {
            var found = await context.Organisations.AsNoTracking().Where(o => call.Organisation == null || o.Slug == call.Organisation)
                .OrderBy(o => o.Id).Select(o => o.Id).Take(2).ToListAsync(cancellationToken);
            if (found.Count == 0) return new Failure.NotFound("organisation");
            if (found.Count > 1) return new Failure.Conflict("There are several organisations. Name one with --organization.");
            organisation = found[0];
        }
        var actor = new Actor { Name = ActorName, Roles = [Roles.Operator], OrganisationId = organisation };
        return await host.Services.GetRequiredService<ImportPrices>()
            .RunAsync(actor, file, call.File, new(call.DryRun, call.OverwriteManual), cancellationToken);
    }

    private static async Task WriteAsync(TextWriter output, PriceImport import)
    {
        foreach (var row in import.Deployments.Where(r => r.Outcome != PriceOutcomes.Unchanged))
            await output.WriteLineAsync($"{row.Outcome,-8} {row.Deployment}  {Text(row.Before)} -> {Text(row.After)}");
        await output.WriteLineAsync(
            $"{(import.DryRun ? "would be" : "done")}: {import.New} new, {import.Changed} changed, {import.Unchanged} unchanged, {import.Kept} set by hand and kept, "
            + $"{import.Unknown} not in the file ({import.ModelsInFile} models)");
    }

    private static string Text(PriceComponents? price) => price is null ? "no price" : PriceWords.Of(price);

    private static Call? Read(string[] args)
    {
        var call = new Call();
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--dry-run":
                    call = call with { DryRun = true };
                    break;
                case "--overwrite-manual":
                    call = call with { OverwriteManual = true };
                    break;
                case "--organization" when i + 1 < args.Length:
                    call = call with { Organisation = args[++i] };
                    break;
                case var other when other.StartsWith("--", StringComparison.Ordinal) && other.Contains('='):
                    settings.Add(other);
                    break;
                case var other when call.File.Length == 0 && !other.StartsWith('-'):
                    call = call with { File = other };
                    break;
                default:
                    return null;
            }
        }
        return call.File.Length == 0 ? null : call with { Settings = [.. settings] };
    }

    private sealed record Call
    {
        public string File { get; init; } = "";

        public string? Organisation { get; init; }

        public bool DryRun { get; init; }

        public bool OverwriteManual { get; init; }

        public string[] Settings { get; init; } = [];
    }
}
