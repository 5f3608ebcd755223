namespace AspireGateway.Portal.UsageExports;

/// <summary>Registration of this folder.</summary>
public static class UsageExportsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddUsageExports(this IServiceCollection services) => services
        .AddSingleton<ExportsQuery>().AddSingleton<CreateExport>().AddSingleton<ChangeExport>().AddSingleton<ExportDownload>().AddSingleton<ExportRunner>();

    /// <summary>Adds the job that writes files.</summary>
    public static void AddExportWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ExportOptions>().Configure(o => o.Folder = Path.Combine(configuration["Gateway:DataPath"] ?? "data", "exports")).Bind(configuration.GetSection("Portal:Exports"))
            .Validate(o => o.WaitMinutes is >= 0 and <= 1440, "Portal__Exports__WaitMinutes must be from 0 to 1440.")
            .Validate(o => o.Folder.Length > 0, "Portal__Exports__Folder must name a folder.")
            .ValidateOnStart();
        services.AddHostedService<ExportWorker>();
    }
}
