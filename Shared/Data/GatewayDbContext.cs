using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Quality;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AspireGateway.Shared.Data;

/// <summary>The database as the control plane sees it. The tables are made by the migrations in this folder; this maps onto them.</summary>
public sealed class GatewayDbContext(DbContextOptions<GatewayDbContext> options) : DbContext(options)
{
    /// <summary>Tenants.</summary>
    public DbSet<Organisation> Organisations => Set<Organisation>();

    /// <summary>Teams of all organisations; filter by organisation.</summary>
    public DbSet<Team> Teams => Set<Team>();

    /// <summary>People who sign in.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>People as identity providers know them.</summary>
    public DbSet<Identity> Identities => Set<Identity>();

    /// <summary>What identity providers' values give in organisations.</summary>
    public DbSet<SignInMapping> SignInMappings => Set<SignInMapping>();

    /// <summary>Personal access tokens.</summary>
    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    /// <summary>Who is in which team.</summary>
    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();

    /// <summary>Features that somebody answers for.</summary>
    public DbSet<RegisteredFeature> Features => Set<RegisteredFeature>();

    /// <summary>Virtual keys; may be a million: page by key.</summary>
    public DbSet<VirtualKey> VirtualKeys => Set<VirtualKey>();

    /// <summary>Providers.</summary>
    public DbSet<Provider> Providers => Set<Provider>();

    /// <summary>Provider credentials, encrypted.</summary>
    public DbSet<Credential> Credentials => Set<Credential>();

    /// <summary>Deployments.</summary>
    public DbSet<Deployment> Deployments => Set<Deployment>();

    /// <summary>Logical models.</summary>
    public DbSet<LogicalModel> Models => Set<LogicalModel>();

    /// <summary>Other names of logical models.</summary>
    public DbSet<ModelAlias> ModelAliases => Set<ModelAlias>();

    /// <summary>Deployments' places in logical models.</summary>
    public DbSet<ModelDeployment> ModelDeployments => Set<ModelDeployment>();

    /// <summary>Prices, all versions.</summary>
    public DbSet<PriceVersion> PriceVersions => Set<PriceVersion>();

    /// <summary>Imported price books, with their content.</summary>
    public DbSet<PriceBookVersion> PriceBooks => Set<PriceBookVersion>();

    /// <summary>Usage, partitioned by day; bound every query in time.</summary>
    public DbSet<UsageRecord> UsageRecords => Set<UsageRecord>();

    /// <summary>Limits of all organisations and of the installation.</summary>
    public DbSet<Limit> Limits => Set<Limit>();

    /// <summary>Budgets of all organisations and of the installation.</summary>
    public DbSet<Budget> Budgets => Set<Budget>();

    /// <summary>Raises of budgets, expired ones too.</summary>
    public DbSet<BudgetRaise> BudgetRaises => Set<BudgetRaise>();

    /// <summary>Thresholds that budgets passed; written by gateways.</summary>
    public DbSet<BudgetEvent> BudgetEvents => Set<BudgetEvent>();

    /// <summary>Tiers.</summary>
    public DbSet<Tier> Tiers => Set<Tier>();

    /// <summary>Who has which tier.</summary>
    public DbSet<TierAssignment> TierAssignments => Set<TierAssignment>();

    /// <summary>Stopped scopes.</summary>
    public DbSet<KillSwitch> KillSwitches => Set<KillSwitch>();

    /// <summary>Approvals; asked for by gateways, decided here.</summary>
    public DbSet<Approval> Approvals => Set<Approval>();

    /// <summary>Routing rules.</summary>
    public DbSet<RoutingRule> RoutingRules => Set<RoutingRule>();

    /// <summary>Tasks that organisations add.</summary>
    public DbSet<RoutingTask> RoutingTasks => Set<RoutingTask>();

    /// <summary>Addresses that are told of events.</summary>
    public DbSet<Webhook> Webhooks => Set<Webhook>();

    /// <summary>Events on their way to webhooks.</summary>
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    /// <summary>Tries to deliver them.</summary>
    public DbSet<WebhookAttempt> WebhookAttempts => Set<WebhookAttempt>();

    /// <summary>Regions of organisations, data classes, users and features.</summary>
    public DbSet<ResidencyRule> ResidencyRules => Set<ResidencyRule>();

    /// <summary>Requests that guardrails keep; kept by gateways, decided here.</summary>
    public DbSet<Domain.Guardrails.QuarantinedRequest> QuarantinedRequests => Set<Domain.Guardrails.QuarantinedRequest>();

    /// <summary>Guardrail policies.</summary>
    public DbSet<Domain.Guardrails.GuardrailPolicy> GuardrailPolicies => Set<Domain.Guardrails.GuardrailPolicy>();

    /// <summary>Cache policies.</summary>
    public DbSet<Domain.Caching.CachePolicy> CachePolicies => Set<Domain.Caching.CachePolicy>();

    /// <summary>Content policies.</summary>
    public DbSet<Domain.Content.ContentPolicy> ContentPolicies => Set<Domain.Content.ContentPolicy>();

    /// <summary>What becomes of keys that run away.</summary>
    public DbSet<Domain.Anomalies.AnomalyPolicy> AnomalyPolicies => Set<Domain.Anomalies.AnomalyPolicy>();

    /// <summary>Keys that were stopped or throttled, those that go again too.</summary>
    public DbSet<Domain.Anomalies.KeyBrake> KeyBrakes => Set<Domain.Anomalies.KeyBrake>();

    /// <summary>Checks outside of the gateway.</summary>
    public DbSet<Domain.Guardrails.GuardrailCheck> GuardrailChecks => Set<Domain.Guardrails.GuardrailCheck>();

    /// <summary>Version pins.</summary>
    public DbSet<Pin> Pins => Set<Pin>();

    /// <summary>Canaries, ended ones too.</summary>
    public DbSet<Canary> Canaries => Set<Canary>();

    /// <summary>Sample sets of benchmarks.</summary>
    public DbSet<BenchmarkSet> BenchmarkSets => Set<BenchmarkSet>();

    /// <summary>Their samples.</summary>
    public DbSet<BenchmarkSamples> BenchmarkSamples => Set<BenchmarkSamples>();

    /// <summary>Benchmark runs.</summary>
    public DbSet<BenchmarkRun> BenchmarkRuns => Set<BenchmarkRun>();

    /// <summary>What gateways noticed or did by themselves.</summary>
    public DbSet<SteeringEvent> SteeringEvents => Set<SteeringEvent>();

    /// <summary>Versions of tables of quality.</summary>
    public DbSet<QualityVersion> QualityVersions => Set<QualityVersion>();

    /// <summary>Their cells.</summary>
    public DbSet<QualityCell> QualityCells => Set<QualityCell>();

    /// <summary>What feedback says of quality now.</summary>
    public DbSet<LearnedQuality> LearnedQualities => Set<LearnedQuality>();

    /// <summary>Votes on requests; written by gateways.</summary>
    public DbSet<FeedbackVote> FeedbackVotes => Set<FeedbackVote>();

    /// <summary>The configuration audit.</summary>
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>What each revision touched.</summary>
    public DbSet<ConfigurationChange> ConfigurationChanges => Set<ConfigurationChange>();

    /// <summary>The current revision, one row.</summary>
    public DbSet<ConfigurationState> ConfigurationStates => Set<ConfigurationState>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Organisation>().ToTable("organisations");
        modelBuilder.Entity<Team>().ToTable("teams");
        modelBuilder.Entity<User>().ToTable("users");
        modelBuilder.Entity<Identity>().ToTable("identities");
        modelBuilder.Entity<SignInMapping>().ToTable("sign_in_mappings");
        modelBuilder.Entity<AccessToken>().ToTable("access_tokens");
        modelBuilder.Entity<TeamMember>(e => { e.ToTable("team_members"); e.HasKey(m => new { m.TeamId, m.UserId }); });
        modelBuilder.Entity<RegisteredFeature>().ToTable("features");
        modelBuilder.Entity<VirtualKey>().ToTable("virtual_keys");
        modelBuilder.Entity<Provider>().ToTable("providers");
        modelBuilder.Entity<Credential>().ToTable("credentials");
        modelBuilder.Entity<Deployment>(e =>
        {
            e.ToTable("deployments");
            e.Property(d => d.Breaker).HasColumnType("jsonb").HasConversion(
                b => JsonSerializer.Serialize(b, DataJson.Default.BreakerSettings!), s => JsonSerializer.Deserialize(s, DataJson.Default.BreakerSettings!));
        });
        modelBuilder.Entity<LogicalModel>(e =>
        {
            e.ToTable("models");
            e.Property(m => m.Reliability).HasColumnType("jsonb").HasConversion(
                r => JsonSerializer.Serialize(r, DataJson.Default.ModelReliability!), s => JsonSerializer.Deserialize(s, DataJson.Default.ModelReliability!));
            e.Property(m => m.Quality).HasColumnType("jsonb").HasConversion(
                q => JsonSerializer.Serialize(q, DataJson.Default.QualityBars!), s => JsonSerializer.Deserialize(s, DataJson.Default.QualityBars!));
            e.Property(m => m.Cascade).HasColumnType("jsonb").HasConversion(
                c => JsonSerializer.Serialize(c, DataJson.Default.CascadeSettings!), s => JsonSerializer.Deserialize(s, DataJson.Default.CascadeSettings!));
            e.HasMany(m => m.Aliases).WithOne().HasForeignKey(a => a.ModelId);
            e.HasMany(m => m.Deployments).WithOne().HasForeignKey(d => d.ModelId);
        });
        modelBuilder.Entity<ModelAlias>(e => { e.ToTable("model_aliases"); e.HasKey(a => new { a.OrganisationId, a.Name }); });
        modelBuilder.Entity<ModelDeployment>(e => { e.ToTable("model_deployments"); e.HasKey(d => new { d.ModelId, d.DeploymentId }); });
        modelBuilder.Entity<PriceVersion>(e =>
        {
            e.ToTable("price_versions");
            e.Property(p => p.Components).HasColumnType("jsonb").HasConversion(
                c => JsonSerializer.Serialize(c, DataJson.Default.PriceComponents),
                s => JsonSerializer.Deserialize(s, DataJson.Default.PriceComponents)!);
        });
        modelBuilder.Entity<PriceBookVersion>().ToTable("price_books");
        modelBuilder.Entity<UsageRecord>(e =>
        {
            e.ToTable("usage_records");
            e.HasKey(r => new { r.Id, r.At });
            e.Property(r => r.Tags).HasColumnType("jsonb");
            e.Property(r => r.Units).HasColumnType("jsonb");
        });
        modelBuilder.Entity<AuditEntry>(e =>
        {
            e.ToTable("audit_entries");
            e.Property(a => a.Before).HasColumnType("jsonb");
            e.Property(a => a.After).HasColumnType("jsonb");
        });
        modelBuilder.Entity<Limit>().ToTable("limits");
        modelBuilder.Entity<Budget>().ToTable("budgets");
        modelBuilder.Entity<BudgetRaise>().ToTable("budget_raises");
        modelBuilder.Entity<BudgetEvent>().ToTable("budget_events");
        modelBuilder.Entity<Tier>().ToTable("tiers");
        modelBuilder.Entity<TierAssignment>().ToTable("tier_assignments");
        modelBuilder.Entity<KillSwitch>().ToTable("kill_switches");
        modelBuilder.Entity<Approval>().ToTable("approvals");
        modelBuilder.Entity<Webhook>().ToTable("webhooks");
        modelBuilder.Entity<WebhookDelivery>(e =>
        {
            e.ToTable("webhook_deliveries");
            e.Property(d => d.Payload).HasColumnType("jsonb");
        });
        modelBuilder.Entity<WebhookAttempt>().ToTable("webhook_attempts");
        modelBuilder.Entity<RoutingRule>(e =>
        {
            e.ToTable("routing_rules");
            e.Property(r => r.Conditions).HasColumnType("jsonb");
            e.Property(r => r.Action).HasColumnType("jsonb");
        });
        modelBuilder.Entity<RoutingTask>().ToTable("routing_tasks");
        modelBuilder.Entity<ResidencyRule>().ToTable("residency_rules");
        modelBuilder.Entity<Domain.Guardrails.QuarantinedRequest>().ToTable("quarantined_requests");
        modelBuilder.Entity<Domain.Guardrails.GuardrailPolicy>(e =>
        {
            e.ToTable("guardrail_policies");
            e.Property(p => p.Settings).HasColumnType("jsonb").HasConversion(
                s => JsonSerializer.Serialize(s, DataJson.Default.GuardrailSettings), s => JsonSerializer.Deserialize(s, DataJson.Default.GuardrailSettings)!);
        });
        modelBuilder.Entity<Domain.Caching.CachePolicy>(e =>
        {
            e.ToTable("cache_policies");
            e.Property(p => p.Settings).HasColumnType("jsonb").HasConversion(
                s => JsonSerializer.Serialize(s, DataJson.Default.CacheSettings), s => JsonSerializer.Deserialize(s, DataJson.Default.CacheSettings)!);
        });
        modelBuilder.Entity<Domain.Content.ContentPolicy>(e =>
        {
            e.ToTable("content_policies");
            e.Property(p => p.Settings).HasColumnType("jsonb").HasConversion(
                s => JsonSerializer.Serialize(s, DataJson.Default.ContentSettings), s => JsonSerializer.Deserialize(s, DataJson.Default.ContentSettings)!);
        });
        modelBuilder.Entity<Domain.Anomalies.AnomalyPolicy>(e =>
        {
            e.ToTable("anomaly_policies");
            e.Property(p => p.Settings).HasColumnType("jsonb").HasConversion(
                s => JsonSerializer.Serialize(s, DataJson.Default.AnomalySettings), s => JsonSerializer.Deserialize(s, DataJson.Default.AnomalySettings)!);
        });
        modelBuilder.Entity<Domain.Anomalies.KeyBrake>().ToTable("key_brakes");
        modelBuilder.Entity<Domain.Guardrails.GuardrailCheck>().ToTable("guardrail_checks");
        modelBuilder.Entity<Pin>().ToTable("pins");
        modelBuilder.Entity<Canary>().ToTable("canaries");
        modelBuilder.Entity<BenchmarkSet>().ToTable("benchmark_sets");
        modelBuilder.Entity<BenchmarkSamples>(e => { e.ToTable("benchmark_samples"); e.HasKey(s => s.SetId); });
        modelBuilder.Entity<BenchmarkRun>(e =>
        {
            e.ToTable("benchmark_runs");
            e.Property(r => r.Estimate).HasColumnType("jsonb");
        });
        modelBuilder.Entity<SteeringEvent>(e =>
        {
            e.ToTable("steering_events");
            e.Property(s => s.Detail).HasColumnType("jsonb");
        });
        modelBuilder.Entity<QualityVersion>().ToTable("quality_versions");
        modelBuilder.Entity<QualityCell>(e => { e.ToTable("quality_cells"); e.HasKey(c => new { c.VersionId, c.Task, c.Provider, c.Model }); });
        modelBuilder.Entity<LearnedQuality>(e => { e.ToTable("quality_learned"); e.HasKey(l => new { l.OrganisationId, l.Task, l.Provider, l.Model }); });
        modelBuilder.Entity<FeedbackVote>(e =>
        {
            e.ToTable("feedback");
            e.Property(f => f.Tags).HasColumnType("jsonb");
        });
        modelBuilder.Entity<ConfigurationChange>(e => { e.ToTable("configuration_changes"); e.HasKey(c => new { c.Revision, c.Kind, c.EntityId }); });
        modelBuilder.Entity<ConfigurationState>().ToTable("configuration_state");

        // The order of inserts and deletes; what a delete does to the rest is the database's to say.
        Reference<Team, Organisation>(modelBuilder, t => t.OrganisationId);
        Reference<User, Organisation>(modelBuilder, u => u.OrganisationId);
        Reference<User, Identity>(modelBuilder, u => u.IdentityId);
        Reference<SignInMapping, Organisation>(modelBuilder, m => m.OrganisationId);
        Reference<SignInMapping, Team>(modelBuilder, m => m.TeamId);
        Reference<AccessToken, Organisation>(modelBuilder, t => t.OrganisationId);
        Reference<AccessToken, Identity>(modelBuilder, t => t.IdentityId);
        Reference<AccessToken, AccessToken>(modelBuilder, t => t.ParentId);
        Reference<TeamMember, Team>(modelBuilder, m => m.TeamId);
        Reference<TeamMember, User>(modelBuilder, m => m.UserId);
        Reference<RegisteredFeature, Organisation>(modelBuilder, f => f.OrganisationId);
        Reference<RegisteredFeature, User>(modelBuilder, f => f.OwnerId);
        Reference<VirtualKey, Organisation>(modelBuilder, k => k.OrganisationId);
        Reference<VirtualKey, Team>(modelBuilder, k => k.TeamId);
        Reference<VirtualKey, User>(modelBuilder, k => k.OwnerId);
        Reference<VirtualKey, VirtualKey>(modelBuilder, k => k.RotatedFromId);
        Reference<Provider, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<Credential, Organisation>(modelBuilder, c => c.OrganisationId);
        Reference<Credential, Provider>(modelBuilder, c => c.ProviderId);
        Reference<Deployment, Organisation>(modelBuilder, d => d.OrganisationId);
        Reference<Deployment, Provider>(modelBuilder, d => d.ProviderId);
        Reference<Deployment, Credential>(modelBuilder, d => d.CredentialId);
        Reference<LogicalModel, Organisation>(modelBuilder, m => m.OrganisationId);
        Reference<ModelDeployment, Deployment>(modelBuilder, d => d.DeploymentId);
        Reference<PriceVersion, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<PriceVersion, Deployment>(modelBuilder, p => p.DeploymentId);
        Reference<BudgetRaise, Budget>(modelBuilder, r => r.BudgetId);
        Reference<BudgetEvent, Budget>(modelBuilder, e => e.BudgetId);
        Reference<Tier, Organisation>(modelBuilder, t => t.OrganisationId);
        Reference<TierAssignment, Tier>(modelBuilder, a => a.TierId);
        Reference<Approval, VirtualKey>(modelBuilder, a => a.KeyId);
        Reference<Webhook, Organisation>(modelBuilder, w => w.OrganisationId);
        Reference<WebhookDelivery, Webhook>(modelBuilder, d => d.WebhookId);
        Reference<WebhookAttempt, Webhook>(modelBuilder, a => a.WebhookId);
        Reference<WebhookAttempt, WebhookDelivery>(modelBuilder, a => a.DeliveryId);
        Reference<RoutingRule, Organisation>(modelBuilder, r => r.OrganisationId);
        Reference<RoutingTask, Organisation>(modelBuilder, t => t.OrganisationId);
        Reference<Canary, Organisation>(modelBuilder, c => c.OrganisationId);
        Reference<Canary, Deployment>(modelBuilder, c => c.DeploymentId);
        Reference<Pin, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<Pin, Deployment>(modelBuilder, p => p.DeploymentId);
        Reference<BenchmarkSet, Organisation>(modelBuilder, s => s.OrganisationId);
        Reference<BenchmarkSamples, BenchmarkSet>(modelBuilder, s => s.SetId);
        Reference<BenchmarkRun, BenchmarkSet>(modelBuilder, r => r.SetId);
        Reference<BenchmarkRun, Team>(modelBuilder, r => r.TeamId);
        Reference<SteeringEvent, Organisation>(modelBuilder, e => e.OrganisationId);
        Reference<ResidencyRule, Organisation>(modelBuilder, r => r.OrganisationId);
        Reference<Domain.Guardrails.QuarantinedRequest, VirtualKey>(modelBuilder, q => q.KeyId);
        Reference<Domain.Guardrails.GuardrailPolicy, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<Domain.Caching.CachePolicy, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<Domain.Content.ContentPolicy, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<Domain.Anomalies.AnomalyPolicy, Organisation>(modelBuilder, p => p.OrganisationId);
        Reference<Domain.Anomalies.KeyBrake, VirtualKey>(modelBuilder, b => b.KeyId);
        Reference<Domain.Guardrails.GuardrailCheck, Organisation>(modelBuilder, c => c.OrganisationId);
        Reference<QualityVersion, Organisation>(modelBuilder, v => v.OrganisationId);
        Reference<QualityCell, QualityVersion>(modelBuilder, c => c.VersionId);
        Reference<LearnedQuality, Organisation>(modelBuilder, l => l.OrganisationId);
        Reference<FeedbackVote, Organisation>(modelBuilder, f => f.OrganisationId);
        Reference<PriceBookVersion, Organisation>(modelBuilder, b => b.OrganisationId);

        foreach (var entity in modelBuilder.Model.GetEntityTypes())
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
                // Ids are UUIDv7 made by the code that creates the row, never by EF.
                property.ValueGenerated = ValueGenerated.Never;
            }
    }

    private static void Reference<TFrom, TTo>(ModelBuilder modelBuilder, Expression<Func<TFrom, object?>> key)
        where TFrom : class
        where TTo : class =>
        modelBuilder.Entity<TFrom>().HasOne<TTo>().WithMany().HasForeignKey(key).OnDelete(DeleteBehavior.ClientNoAction);

    private static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }
        return snake.ToString();
    }
}
