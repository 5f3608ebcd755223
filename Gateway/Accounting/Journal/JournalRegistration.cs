using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Adds the usage journal to the gateway.</summary>
internal static class JournalRegistration
{
    /// <summary>The journal, the shipper that copies it to <c>ConnectionStrings:gatewaydb</c>, its status and its health check.</summary>
    public static IHostApplicationBuilder AddUsageJournal(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => JournalOptions.From(builder.Configuration));
        services.AddSingleton(p => UsageJournal.Start(
            p.GetRequiredService<JournalOptions>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<UsageJournal>>()));
        services.AddSingleton(p => new RejectedRecords(
            Path.Combine(p.GetRequiredService<JournalOptions>().Folder, "rejected"), p.GetRequiredService<ILogger<RejectedRecords>>()));
        services.AddSingleton<UsageJournalStatus>();
        services.AddSingleton(p => new UsageStore(
            builder.Configuration.GetConnectionString("gatewaydb")
                ?? throw new InvalidOperationException("ConnectionStrings__gatewaydb is not set: the gateway needs the address of its Postgres database."),
            p.GetRequiredService<JournalOptions>().StoreTimeout));
        services.AddHostedService<JournalShipper>();
        services.AddHostedService(p => new JournalReporter(
            builder.Configuration.GetConnectionString("gatewaydb")!, p.GetRequiredService<UsageJournalStatus>(), p.GetRequiredService<JournalOptions>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<JournalReporter>>()));
        services.AddHealthChecks().AddCheck<JournalHealth>("journal");
        return builder;
    }
}
