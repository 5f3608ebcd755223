using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>Adds limits and budgets, and the ledger behind them, to the gateway.</summary>
internal static class LedgerRegistration
{
    private const string ConnectionName = "cache";

    /// <summary>
    /// The ledger in the Redis of <c>ConnectionStrings:cache</c>; in this process where there is none. <c>Gateway:Ledger:TimeoutMs</c> (default 150, 5 to 5,000)
    /// is how long a request waits for it, <c>Gateway:Ledger:BooksDueMs</c> (default 60,000, 1,000 to 3,600,000) how long a dead gateway's journal is awaited
    /// before its requests get records of what they held.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used.</exception>
    public static void AddLedger(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SpendOptions>().Bind(builder.Configuration.GetSection("Gateway:Spending"))
            .Validate(options => options.Fault() is null, "Gateway:Spending holds a bound that is less than 1.").ValidateOnStart();
        services.AddSingleton<LearnedOutput>();
        services.AddSingleton<MeterCatalog>();
        services.AddSingleton(_ => new UnknownIds());
        services.AddSingleton<SpendScopes>();
        services.AddSingleton<SpendTerms>();
        services.AddSingleton<DeploymentQuota>();
        services.AddSingleton<SpendAttempts>();
        services.AddSingleton<RequestQueue>();
        services.AddSingleton<ApproveSpend>();
        services.AddSingleton<ReserveSpend>();
        services.AddSingleton<AdmitRequest>();
        services.AddSingleton<LedgerBooks>();
        services.AddSingleton<LocalOpening>();
        services.AddSingleton<BudgetWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<BudgetWatch>());
        services.AddSingleton<Routing.Rules.IBudgetShares>(provider => provider.GetRequiredService<BudgetWatch>());
        if (OptionsOf(builder.Configuration) is { } options)
        {
            services.AddSingleton(provider => new RedisClient(
                options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisClient>>(), [.. LedgerScripts.All, Routing.Canaries.CanaryScript.Count]));
            services.AddSingleton<LedgerCalls>();
            services.AddSingleton<LedgerOpening>();
            var booksDue = BooksDueOf(builder.Configuration);
            services.AddSingleton(provider => new LedgerSweep(
                provider.GetRequiredService<LedgerCalls>(), provider.GetRequiredService<LedgerBooks>(), provider.GetRequiredService<UsageJournal>(),
                provider.GetRequiredService<TimeProvider>()) { BooksDue = booksDue });
        }
        services.AddSingleton(provider => new Ledger(
            provider.GetService<LedgerCalls>(), provider.GetService<LedgerOpening>(), provider.GetRequiredService<LocalOpening>(),
            provider.GetRequiredService<BudgetWatch>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new LedgerKeeper(
            provider.GetRequiredService<Ledger>(), provider.GetService<LedgerCalls>(), provider.GetService<LedgerOpening>(), provider.GetService<LedgerSweep>(),
            provider.GetRequiredService<LocalOpening>(), provider.GetRequiredService<LedgerBooks>(), provider.GetRequiredService<SnapshotHolder>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LedgerKeeper>>()));
        services.AddSingleton<LedgerReader>();
        services.AddHealthChecks().AddCheck<LedgerHealth>("ledger");
    }

    private static TimeSpan BooksDueOf(IConfiguration configuration)
    {
        var milliseconds = configuration.GetValue("Gateway:Ledger:BooksDueMs", 60_000);
        if (milliseconds is < 1_000 or > 3_600_000) throw new InvalidOperationException("Gateway:Ledger:BooksDueMs must be from 1000 to 3600000.");
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    private static RedisOptions? OptionsOf(IConfiguration configuration)
    {
        if (configuration.GetConnectionString(ConnectionName) is not { Length: > 0 } text) return null;
        var milliseconds = configuration.GetValue("Gateway:Ledger:TimeoutMs", 150);
        if (milliseconds is < 5 or > 5_000) throw new InvalidOperationException("Gateway:Ledger:TimeoutMs must be from 5 to 5000.");
        try
        {
            return RedisOptions.Parse(text) with { CallTimeout = TimeSpan.FromMilliseconds(milliseconds) };
        }
        catch (FormatException fault)
        {
            throw new InvalidOperationException($"ConnectionStrings__{ConnectionName}: {fault.Message}", fault);
        }
    }
}
