using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Agents;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Benchmarks;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.ConfigurationFiles;
using AspireGateway.Portal.Content;
using AspireGateway.Portal.Costs;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Features;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Pins;
using AspireGateway.Portal.Playground;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Quarantine;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Repricing;
using AspireGateway.Portal.Requests;
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Retention;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tiers;
using AspireGateway.Portal.Usage;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Users;
using AspireGateway.Portal.Webhooks;

namespace AspireGateway.Portal.Configuration;

/// <summary>The list of what the portal can do; one line a folder.</summary>
public static class Features
{
    /// <summary>Registers every feature's queries and commands.</summary>
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddOrganisations();
        services.AddTeams();
        services.AddUsers();
        services.AddAgents();
        services.AddFeatureOwners();
        services.AddKeys();
        services.AddProviders();
        services.AddCredentials();
        services.AddDeployments();
        services.AddPrices();
        services.AddRepricing();
        services.AddRetention();
        services.AddModels();
        services.AddReliability();
        services.AddRoutes();
        services.AddLimits();
        services.AddBudgets();
        services.AddTiers();
        services.AddKillSwitches();
        services.AddApprovals();
        services.AddWebhooks();
        services.AddResidency();
        services.AddGuardrails();
        services.AddQuarantine();
        services.AddCaching();
        services.AddContent();
        services.AddAlerts();
        services.AddPins();
        services.AddCanaries();
        services.AddPlayground();
        services.AddBenchmarks();
        services.AddQuality();
        services.AddRollUps();
        services.AddLive();
        services.AddUsage();
        services.AddUsageExports();
        services.AddCosts();
        services.AddRequests();
        services.AddOverview();
        services.AddAudit();
        services.AddConfigurationFiles();
        services.AddSignIns();
        services.AddAccessTokens();
    }
}
