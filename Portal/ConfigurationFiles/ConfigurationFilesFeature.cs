using AspireGateway.Portal.ConfigurationFiles.Kinds;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>Registration of this folder.</summary>
public static class ConfigurationFilesFeature
{
    /// <summary>Adds its query and commands, and the kinds of things in the order of a file: what is named stands before what names it.</summary>
    public static void AddConfigurationFiles(this IServiceCollection services)
    {
        services
            .AddSingleton<FileKind, OrganisationKind>()
            .AddSingleton<FileKind, ProviderKind>()
            .AddSingleton<FileKind, DeploymentKind>()
            .AddSingleton<FileKind, ModelKind>()
            .AddSingleton<FileKind, TeamKind>()
            .AddSingleton<FileKind, FeatureKind>()
            .AddSingleton<FileKind, TierKind>()
            .AddSingleton<FileKind, TierAssignmentKind>()
            .AddSingleton<FileKind, TaskKind>()
            .AddSingleton<FileKind, RuleKind>()
            .AddSingleton<FileKind, PinKind>()
            .AddSingleton<FileKind, CanaryKind>()
            .AddSingleton<FileKind, LimitKind>()
            .AddSingleton<FileKind, BudgetKind>()
            .AddSingleton<FileKind, ResidencyKind>()
            .AddSingleton<FileKind, GuardrailCheckKind>()
            .AddSingleton<FileKind, GuardrailKind>()
            .AddSingleton<FileKind, CacheKind>()
            .AddSingleton<FileKind, ContentKind>()
            .AddSingleton<FileKind, AnomalyKind>()
            .AddSingleton<FileKind, WebhookKind>()
            .AddSingleton<FileKinds>()
            .AddSingleton<ConfigurationChanger>()
            .AddSingleton(p => new ConfigurationQuery(p.GetRequiredService<IDbContextFactory<GatewayDbContext>>(), p.GetRequiredService<NpgsqlDataSource>(), p.GetRequiredService<FileKinds>(), p.GetRequiredService<TimeProvider>()))
            .AddSingleton(p => new ImportConfiguration(p.GetRequiredService<ConfigurationChanger>(), p.GetRequiredService<FileKinds>()))
            .AddSingleton(p => new RollBackConfiguration(p.GetRequiredService<ConfigurationChanger>(), p.GetRequiredService<FileKinds>()));
    }
}
