using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Content.Reading;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Features;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Pins;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Quarantine;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Repricing;
using AspireGateway.Portal.Retention;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Teams.Members;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tiers;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Users;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Tests.Security;

/// <summary>Every command, as every role, on the own team, on another team of the organisation, and on another organisation.</summary>
public sealed class RolesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    /// <summary>Where a command's target lies, as seen by the actor.</summary>
    public enum Place
    {
        OwnTeam,
        OtherTeam,
        OtherOrganisation,
    }

    // The contracts' table, written down once more: who may run a command, and how far.
    private static readonly Dictionary<string, string[]> s_wholeOrganisation = new()
    {
        ["organisations"] = [Roles.Operator],
        ["teams"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["members"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["features"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform, Roles.FinOps],
        ["keys"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform],
        ["models"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform],
        ["budgets"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["tiers"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["alerts"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform, Roles.SecurityReviewer],
        ["kill switch"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform, Roles.SecurityReviewer],
        ["approvals"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.FinOps],
        ["webhooks"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["guardrails"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.SecurityReviewer],
        ["quarantine"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.SecurityReviewer],
        ["content"] = [Roles.SecurityReviewer, Roles.Auditor],
        ["content policy"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.SecurityReviewer],
        ["configuration"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["own tokens"] = [.. Roles.All],
        // Of a key's change: who may see it and may change the key.
        ["undo"] = [Roles.Operator, Roles.OrganisationAdmin],
    };

    private static readonly Dictionary<string, string[]> s_ownOnly = new()
    {
        ["organisations"] = [],
        ["teams"] = [],
        ["members"] = [Roles.TeamLead],
        ["features"] = [],
        ["keys"] = [Roles.TeamLead, Roles.Developer],
        ["models"] = [],
        ["budgets"] = [Roles.TeamLead],
        ["tiers"] = [],
        ["alerts"] = [],
        ["kill switch"] = [Roles.TeamLead],
        ["approvals"] = [Roles.TeamLead],
        ["webhooks"] = [],
        ["guardrails"] = [],
        ["quarantine"] = [],
        ["content"] = [],
        ["content policy"] = [],
        ["configuration"] = [],
        ["own tokens"] = [],
        ["undo"] = [Roles.TeamLead],
    };

    private static readonly Case[] s_cases =
    [
        new(typeof(CreateOrganisation), "organisations", HasTarget: false, (t, a) => t.Run<CreateOrganisation, OrganisationDetails>(
            c => c.RunAsync(a, new() { Name = "New", Slug = $"s-{Guid.NewGuid():N}" }, default))),
        new(typeof(UpdateOrganisation), "teams", HasTarget: false, (t, a) => t.Run<UpdateOrganisation, OrganisationDetails>(
            c => c.RunAsync(a, new() { Name = "Renamed" }, default))),
        new(typeof(CreateTeam), "teams", HasTarget: false, (t, a) => t.Run<CreateTeam, TeamDetails>(
            c => c.RunAsync(a, new() { Name = "New", Slug = $"s-{Guid.NewGuid().ToString("N")[..20]}" }, default))),
        new(typeof(UpdateTeam), "teams", HasTarget: true, (t, a) => t.Run<UpdateTeam, TeamDetails>(c => c.RunAsync(a, t.Team, new() { Name = "Renamed" }, default))),
        new(typeof(ArchiveTeam), "teams", HasTarget: true, (t, a) => t.Run<ArchiveTeam, TeamDetails>(c => c.RunAsync(a, t.Team, archived: false, default))),
        new(typeof(SetRole), "teams", HasTarget: true, (t, a) => t.Run<SetRole, PersonDetails>(c => c.RunAsync(a, t.User, new() { Role = Roles.Auditor }, default))),
        new(typeof(EndSessions), "teams", HasTarget: true, (t, a) => t.Run<EndSessions, EndedSessions>(c => c.RunAsync(a, t.User, default))),
        new(typeof(SetMember), "members", HasTarget: true, (t, a) => t.Run<SetMember, MemberDetails>(c => c.RunAsync(a, t.Team, new() { Email = t.UserEmail }, default))),
        new(typeof(RemoveMember), "members", HasTarget: true, (t, a) => t.Run<RemoveMember, Done>(c => c.RunAsync(a, t.Team, t.Member, default))),
        new(typeof(CreateFeature), "features", HasTarget: false, (t, a) => t.Run<CreateFeature, FeatureDetails>(
            c => c.RunAsync(a, new() { Name = $"f{Guid.NewGuid():N}", OwnerEmail = "ada@example.org" }, default))),
        new(typeof(UpdateFeature), "features", HasTarget: true, (t, a) => t.Run<UpdateFeature, FeatureDetails>(c => c.RunAsync(a, t.Feature, new() { Description = "d" }, default))),
        new(typeof(DeleteFeature), "features", HasTarget: true, (t, a) => t.Run<DeleteFeature, Done>(c => c.RunAsync(a, t.Feature, default))),
        new(typeof(IssueKey), "keys", HasTarget: true, (t, a) => t.Run<IssueKey, IssuedKey>(
            c => c.RunAsync(a, new() { TeamId = t.Team, Name = Guid.NewGuid().ToString() }, default))),
        new(typeof(UpdateKey), "keys", HasTarget: true, (t, a) => t.Run<UpdateKey, KeyDetails>(
            c => c.RunAsync(a, t.Key, new() { Name = Guid.NewGuid().ToString() }, default))),
        new(typeof(RotateKey), "keys", HasTarget: true, (t, a) => t.Run<RotateKey, IssuedKey>(c => c.RunAsync(a, t.Key, new(), default))),
        new(typeof(RevokeKeys), "keys", HasTarget: true, (t, a) => t.Run<RevokeKeys, RevokedKeys>(c => c.RunAsync(a, new() { Ids = [t.Key] }, default))),
        new(typeof(ExtendKeys), "keys", HasTarget: true, (t, a) => t.Run<ExtendKeys, ChangedKeys>(c => c.RunAsync(a, new() { Ids = [t.Key], ExpiresAt = PortalHost.Now().AddDays(9) }, default))),
        new(typeof(AssignTierToKeys), "budgets", HasTarget: true, (t, a) => t.Run<AssignTierToKeys, ChangedKeys>(c => c.RunAsync(a, new() { Ids = [t.Key], Tier = t.Tier.ToString() }, default))),
        new(typeof(CreateProvider), "models", HasTarget: false, (t, a) => t.Run<CreateProvider, ProviderDetails>(
            c => c.RunAsync(a, new() { Name = "P", Slug = $"s-{Guid.NewGuid().ToString("N")[..20]}", BaseUrl = "https://example.org/v1" }, default))),
        new(typeof(UpdateProvider), "models", HasTarget: true, (t, a) => t.Run<UpdateProvider, ProviderDetails>(
            c => c.RunAsync(a, t.Provider, new() { Name = "P2", BaseUrl = "https://api.example.org/v2" }, default))),
        new(typeof(DeleteProvider), "models", HasTarget: true, (t, a) => t.Run<DeleteProvider, Done>(c => c.RunAsync(a, t.UnusedProvider, default))),
        new(typeof(CreateCredential), "models", HasTarget: true, (t, a) => t.Run<CreateCredential, CredentialDetails>(
            c => c.RunAsync(a, new() { ProviderId = t.Provider, Name = Guid.NewGuid().ToString(), Secret = "secret" }, default))),
        new(typeof(ReplaceCredential), "models", HasTarget: true, (t, a) => t.Run<ReplaceCredential, CredentialDetails>(
            c => c.RunAsync(a, t.Credential, new() { Secret = "other" }, default))),
        new(typeof(DeleteCredential), "models", HasTarget: true, (t, a) => t.Run<DeleteCredential, Done>(c => c.RunAsync(a, t.UnusedCredential, default))),
        new(typeof(ResealCredentials), "models", HasTarget: false, (t, a) => t.Run<ResealCredentials, ResealedCredentials>(c => c.RunAsync(a, default))),
        new(typeof(CreateDeployment), "models", HasTarget: true, (t, a) => t.Run<CreateDeployment, DeploymentDetails>(
            c => c.RunAsync(a, new() { Name = $"d{Guid.NewGuid():N}", ProviderId = t.Provider, UpstreamModel = "m" }, default))),
        new(typeof(UpdateDeployment), "models", HasTarget: true, (t, a) => t.Run<UpdateDeployment, DeploymentDetails>(
            c => c.RunAsync(a, t.Deployment, new() { Name = $"d{Guid.NewGuid():N}", UpstreamModel = "m" }, default))),
        new(typeof(DeleteDeployment), "models", HasTarget: true, (t, a) => t.Run<DeleteDeployment, Done>(c => c.RunAsync(a, t.UnusedDeployment, default))),
        new(typeof(SetPrice), "models", HasTarget: true, (t, a) => t.Run<SetPrice, PriceDetails>(
            c => c.RunAsync(a, new() { DeploymentId = t.Deployment, Components = new() { Input = 1 } }, default))),
        new(typeof(SetRetention), "configuration", HasTarget: false, (t, a) => t.Run<SetRetention, RetentionSettings>(c => c.RunAsync(a, new() { UsageDays = 90 }, default))),
        new(typeof(CreateExport), "configuration", HasTarget: false, (t, a) => t.Run<CreateExport, ExportDetails>(c => c.RunAsync(a, new() { Name = $"e{Guid.NewGuid():N}"[..20] }, default))),
        new(typeof(ChangeExport), "configuration", HasTarget: true, async (t, a) =>
        {
            var export = await t.AddExportAsync();
            return await t.Run<ChangeExport, ExportDetails>(c => c.DeleteAsync(a, export, default));
        }),
        new(typeof(StartRepricing), "models", HasTarget: true, async (t, a) =>
        {
            var version = await t.AddPricedRecordAsync();
            return await t.Run<StartRepricing, RepricingJob>(c => c.RunAsync(a, new() { PriceVersionId = version, From = PortalHost.Now().AddHours(-3), To = PortalHost.Now(), Reason = "wrong price" }, default));
        }),
        new(typeof(EndRepricing), "models", HasTarget: true, async (t, a) =>
        {
            var job = await t.AddRepricingAsync();
            return await t.Run<EndRepricing, RepricingJob>(c => c.CancelAsync(a, job, default));
        }),
        new(typeof(ImportPrices), "models", HasTarget: false, (t, a) => t.Run<ImportPrices, PriceImport>(c => c.RunAsync(
            a, new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"m{{Guid.NewGuid():N}}":{"litellm_provider":"x"} }""")), null, default, default))),
        new(typeof(CreateModel), "models", HasTarget: true, (t, a) => t.Run<CreateModel, ModelDetails>(
            c => c.RunAsync(a, new() { Name = $"m{Guid.NewGuid():N}", Deployments = [new() { DeploymentId = t.Deployment }] }, default))),
        new(typeof(UpdateModel), "models", HasTarget: true, (t, a) => t.Run<UpdateModel, ModelDetails>(
            c => c.RunAsync(a, t.Model, new() { Name = $"m{Guid.NewGuid():N}", Deployments = [new() { DeploymentId = t.Deployment }] }, default))),
        new(typeof(SetModelReliability), "models", HasTarget: true, (t, a) => t.Run<SetModelReliability, ModelReliabilityDetails>(c => c.RunAsync(a, t.Model, new() { Retries = 2 }, default))),
        new(typeof(SetBreaker), "models", HasTarget: true, (t, a) => t.Run<SetBreaker, BreakerDetails>(c => c.OpenAsync(a, t.Deployment, new() { Reason = "r" }, default))),
        new(typeof(PublishQuality), "models", HasTarget: false, (t, a) => t.Run<PublishQuality, QualityPublication>(c => c.RunAsync(
            a, new() { Cells = [new() { Task = "coding", Provider = "p", Model = $"m{Guid.NewGuid():N}", Mean = 0.5, Samples = 9 }] }, "import", default))),
        new(typeof(RestoreQuality), "models", HasTarget: true, (t, a) => t.Run<RestoreQuality, QualityVersionDetails>(c => c.RunAsync(a, 1, new(), default))),
        new(typeof(CreateLimit), "budgets", HasTarget: true, (t, a) => t.Run<CreateLimit, LimitDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "key", ScopeId = t.Key.ToString(), Unit = "concurrency", Amount = 1 }, default))),
        new(typeof(UpdateLimit), "budgets", HasTarget: true, (t, a) => t.Run<UpdateLimit, LimitDetails>(c => c.RunAsync(a, t.Limit, new() { Amount = 9 }, default))),
        new(typeof(DeleteLimit), "budgets", HasTarget: true, (t, a) => t.Run<DeleteLimit, Done>(c => c.RunAsync(a, t.LeadsLimit, default))),
        new(typeof(CreateBudget), "budgets", HasTarget: true, (t, a) => t.Run<CreateBudget, BudgetDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Period = "total", CapNanoUsd = 5 }, default))),
        new(typeof(UpdateBudget), "budgets", HasTarget: true, (t, a) => t.Run<UpdateBudget, BudgetDetails>(c => c.RunAsync(a, t.Budget, new() { CapNanoUsd = 9 }, default))),
        new(typeof(DeleteBudget), "budgets", HasTarget: true, (t, a) => t.Run<DeleteBudget, Done>(c => c.RunAsync(a, t.LeadsBudget, default))),
        new(typeof(RaiseBudget), "budgets", HasTarget: true, (t, a) => t.Run<RaiseBudget, BudgetRaiseDetails>(
            c => c.RunAsync(a, t.LeadsBudget, new() { AmountNanoUsd = 1, Until = PortalHost.Now().AddDays(1), Reason = "r" }, default))),
        new(typeof(CreateTier), "tiers", HasTarget: false, (t, a) => t.Run<CreateTier, TierDetails>(c => c.RunAsync(a, new() { Name = "New", Concurrency = 1 }, default))),
        new(typeof(UpdateTier), "tiers", HasTarget: true, (t, a) => t.Run<UpdateTier, TierDetails>(c => c.RunAsync(a, t.Tier, new() { Name = "Renamed", Concurrency = 7 }, default))),
        new(typeof(DeleteTier), "tiers", HasTarget: true, (t, a) => t.Run<DeleteTier, Done>(c => c.RunAsync(a, t.UnusedTier, default))),
        new(typeof(AssignTier), "budgets", HasTarget: true, (t, a) => t.Run<AssignTier, TierAssignmentDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Tier = t.Tier.ToString() }, default))),
        new(typeof(UnassignTier), "budgets", HasTarget: true, (t, a) => t.Run<UnassignTier, Done>(c => c.RunAsync(a, "key", t.Key.ToString(), default))),
        new(typeof(ThrowKillSwitch), "kill switch", HasTarget: true, (t, a) => t.Run<ThrowKillSwitch, KillSwitchDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "key", ScopeId = t.Key.ToString(), Reason = "r" }, default))),
        new(typeof(ReleaseKillSwitch), "kill switch", HasTarget: true, (t, a) => t.Run<ReleaseKillSwitch, Done>(c => c.RunAsync(a, t.KillSwitch, default))),
        new(typeof(GrantApproval), "approvals", HasTarget: true, (t, a) => t.Run<GrantApproval, ApprovalDetails>(c => c.RunAsync(a, t.Approval, new(), default))),
        new(typeof(DenyApproval), "approvals", HasTarget: true, (t, a) => t.Run<DenyApproval, ApprovalDetails>(c => c.RunAsync(a, t.Approval, new() { Reason = "r" }, default))),
        new(typeof(CreateWebhook), "webhooks", HasTarget: false, (t, a) => t.Run<CreateWebhook, CreatedWebhook>(
            c => c.RunAsync(a, new() { Name = "New", Url = "https://hooks.example.org" }, default))),
        new(typeof(UpdateWebhook), "webhooks", HasTarget: true, (t, a) => t.Run<UpdateWebhook, WebhookDetails>(
            c => c.RunAsync(a, t.Webhook, new() { Name = "Renamed", Url = "https://hooks.example.org" }, default))),
        new(typeof(DeleteWebhook), "webhooks", HasTarget: true, (t, a) => t.Run<DeleteWebhook, Done>(c => c.RunAsync(a, t.Webhook, default))),
        new(typeof(CreateRule), "models", HasTarget: false, (t, a) => t.Run<CreateRule, RuleDetails>(
            c => c.RunAsync(a, new() { Name = $"r{Guid.NewGuid():N}", Then = new() { Deny = "no" } }, default))),
        new(typeof(UpdateRule), "models", HasTarget: true, (t, a) => t.Run<UpdateRule, RuleDetails>(
            c => c.RunAsync(a, t.Rule, new() { Name = $"r{Guid.NewGuid():N}", Then = new() { Deny = "no" } }, default))),
        new(typeof(ReorderRules), "models", HasTarget: true, (t, a) => t.Run<ReorderRules, Page<RuleDetails>>(c => c.RunAsync(a, new() { Ids = [t.Rule] }, default))),
        new(typeof(DeleteRule), "models", HasTarget: true, (t, a) => t.Run<DeleteRule, Done>(c => c.RunAsync(a, t.Rule, default))),
        new(typeof(CreateTask), "models", HasTarget: false, (t, a) => t.Run<CreateTask, TaskDetails>(c => c.RunAsync(a, new() { Name = $"t{Guid.NewGuid():N}", Words = ["w"] }, default))),
        new(typeof(UpdateTask), "models", HasTarget: true, (t, a) => t.Run<UpdateTask, TaskDetails>(
            c => c.RunAsync(a, t.RoutingTask, new() { Name = $"t{Guid.NewGuid():N}", Words = ["w"] }, default))),
        new(typeof(DeleteTask), "models", HasTarget: true, (t, a) => t.Run<DeleteTask, Done>(c => c.RunAsync(a, t.RoutingTask, default))),
        new(typeof(SetResidency), "models", HasTarget: false, (t, a) => t.Run<SetResidency, ResidencyDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "organisation", Regions = ["eu-*"] }, default))),
        new(typeof(DeleteResidency), "models", HasTarget: true, (t, a) => t.Run<DeleteResidency, Done>(c => c.RunAsync(a, t.Residency, default))),
        new(typeof(SetGuardrails), "guardrails", HasTarget: true, (t, a) => t.Run<SetGuardrails, GuardrailDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Settings = new() { Secrets = new() { Level = "strict" } } }, default))),
        new(typeof(DeleteGuardrails), "guardrails", HasTarget: true, (t, a) => t.Run<DeleteGuardrails, Done>(c => c.RunAsync(a, t.Guardrails, default))),
        new(typeof(ReleaseQuarantine), "quarantine", HasTarget: true, (t, a) => t.Run<ReleaseQuarantine, QuarantineDetails>(c => c.RunAsync(a, t.Quarantined, new() { Note = "n" }, default))),
        new(typeof(RejectQuarantine), "quarantine", HasTarget: true, (t, a) => t.Run<RejectQuarantine, QuarantineDetails>(c => c.RunAsync(a, t.Quarantined, new() { Note = "n" }, default))),
        new(typeof(RevealQuarantine), "content", HasTarget: true, (t, a) => t.Run<RevealQuarantine, RevealedRequest>(c => c.RunAsync(a, t.Quarantined, new() { Reason = "r" }, default))),
        new(typeof(SetCachePolicy), "models", HasTarget: true, (t, a) => t.Run<SetCachePolicy, CachePolicyDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Settings = new() { Mode = "exact" } }, default))),
        new(typeof(DeleteCachePolicy), "models", HasTarget: true, (t, a) => t.Run<DeleteCachePolicy, Done>(c => c.RunAsync(a, t.CachePolicy, default))),
        new(typeof(SetContentPolicy), "content policy", HasTarget: true, (t, a) => t.Run<SetContentPolicy, ContentPolicyDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Settings = new() { Keep = "both" } }, default))),
        new(typeof(DeleteContentPolicy), "content policy", HasTarget: true, (t, a) => t.Run<DeleteContentPolicy, Done>(c => c.RunAsync(a, t.ContentPolicy, default))),
        new(typeof(SetAnomalyPolicy), "alerts", HasTarget: true, (t, a) => t.Run<SetAnomalyPolicy, AnomalyPolicyDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Settings = new() { OnAnomaly = "stop" } }, default))),
        new(typeof(DeleteAnomalyPolicy), "alerts", HasTarget: true, (t, a) => t.Run<DeleteAnomalyPolicy, Done>(c => c.RunAsync(a, t.AnomalyPolicy, default))),
        new(typeof(LiftKeyBrake), "kill switch", HasTarget: true, (t, a) => t.Run<LiftKeyBrake, KeyBrakeDetails>(c => c.RunAsync(a, t.Brake, default))),
        new(typeof(PlaceHold), "content policy", HasTarget: false, (t, a) => t.Run<PlaceHold, ContentHoldDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "user", ScopeId = Guid.NewGuid().ToString(), Reason = "case 4711 of legal" }, default))),
        new(typeof(ReleaseHold), "content policy", HasTarget: true, (t, a) => t.Run<ReleaseHold, Done>(c => c.RunAsync(a, t.Hold, new() { Reason = "case 4711 is closed" }, default))),
        new(typeof(EraseContent), "content policy", HasTarget: false, (t, a) => t.Run<EraseContent, ContentErasureDetails>(
            c => c.RunAsync(a, new() { UserId = Guid.NewGuid().ToString(), Reason = "asked to be forgotten" }, default))),
        new(typeof(RevealContent), "content", HasTarget: true, (t, a) => t.Run<RevealContent, KeptContent>(c => c.RunAsync(a, t.Kept, new() { Reason = "incident 12, as asked" }, default))),
        new(typeof(SearchContent), "content", HasTarget: false, (t, a) => t.Run<SearchContent, ContentSearchResult>(
            c => c.RunAsync(a, new() { Reason = "incident 12, as asked", Text = "word" }, null, default))),
        new(typeof(ExportContent), "content", HasTarget: false, (t, a) => t.Run<ExportContent, Done>(c => c.RunAsync(a, new() { UserId = "u", Reason = "the subject asked for it" }, default))),
        new(typeof(PurgeCache), "models", HasTarget: true, (t, a) => t.Run<PurgeCache, CachePurgeDetails>(c => c.RunAsync(a, new() { ScopeKind = "key", ScopeId = t.Key.ToString() }, default))),
        new(typeof(SetGuardrailCheck), "guardrails", HasTarget: false, (t, a) => t.Run<SetGuardrailCheck, GuardrailCheckDetails>(
            c => c.RunAsync(a, new() { Name = $"c{Guid.NewGuid():N}", Kind = "presidio", Url = "https://presidio.example.com/analyze" }, default))),
        new(typeof(TestGuardrailCheck), "guardrails", HasTarget: true, (t, a) => t.Run<TestGuardrailCheck, GuardrailCheckTrial>(c => c.RunAsync(a, t.GuardrailCheck, default))),
        new(typeof(DeleteGuardrailCheck), "guardrails", HasTarget: true, (t, a) => t.Run<DeleteGuardrailCheck, Done>(c => c.RunAsync(a, t.GuardrailCheck, default))),
        new(typeof(CreatePin), "models", HasTarget: true, (t, a) => t.Run<CreatePin, PinDetails>(
            c => c.RunAsync(a, new() { ScopeKind = "team", ScopeId = t.Team.ToString(), Model = t.ModelName, Deployment = t.Deployment.ToString() }, default))),
        new(typeof(UpdatePin), "models", HasTarget: true, (t, a) => t.Run<UpdatePin, PinDetails>(c => c.RunAsync(a, t.Pin, new() { Deployment = t.Deployment.ToString(), Version = "v2" }, default))),
        new(typeof(DeletePin), "models", HasTarget: true, (t, a) => t.Run<DeletePin, Done>(c => c.RunAsync(a, t.Pin, default))),
        new(typeof(CreateCanary), "models", HasTarget: true, (t, a) => t.Run<CreateCanary, CanaryDetails>(
            c => c.RunAsync(a, new() { Model = t.ModelName, Deployment = t.UnusedDeployment.ToString(), Steps = [new(10, null)] }, default))),
        new(typeof(CreateBenchmarkSet), "models", HasTarget: false, (t, a) => t.Run<CreateBenchmarkSet, BenchmarkSetDetails>(
            c => c.RunAsync(a, new() { Name = $"b{Guid.NewGuid():N}", Task = "math", Samples = "{\"prompt\":\"x\",\"expected\":\"y\"}" }, default))),
        new(typeof(AddBenchmarkRun), "models", HasTarget: true, (t, a) => t.Run<AddBenchmarkRun, BenchmarkRunDetails>(c => c.RunAsync(a, t.NewRun(BenchmarkStatuses.Draft), default))),
        new(typeof(StartBenchmarkRun), "models", HasTarget: true, (t, a) => t.Run<StartBenchmarkRun, BenchmarkRunDetails>(c => c.RunAsync(a, t.Draft, new() { CeilingNanoUsd = 1 }, default))),
        new(typeof(CancelBenchmarkRun), "models", HasTarget: true, (t, a) => t.Run<CancelBenchmarkRun, BenchmarkRunDetails>(c => c.RunAsync(a, t.Draft, default))),
        new(typeof(DeleteBenchmarkRun), "models", HasTarget: true, (t, a) => t.Run<DeleteBenchmarkRun, Done>(c => c.RunAsync(a, t.EndedRun, default))),
        new(typeof(DeleteBenchmarkSet), "models", HasTarget: true, (t, a) => t.Run<DeleteBenchmarkSet, Done>(c => c.RunAsync(a, t.UnusedSampleSet, default))),
        new(typeof(PromoteCanary), "models", HasTarget: true, (t, a) => t.Run<PromoteCanary, CanaryDetails>(c => c.RunAsync(a, t.Canary, default))),
        new(typeof(AbortCanary), "models", HasTarget: true, (t, a) => t.Run<AbortCanary, CanaryDetails>(c => c.RunAsync(a, t.Canary, new(), default))),
        new(typeof(CreateMapping), "teams", HasTarget: true, (t, a) => t.Run<CreateMapping, MappingDetails>(
            c => c.RunAsync(a, new() { Value = Guid.NewGuid().ToString(), Role = Roles.OrganisationAdmin, TeamId = t.Team }, default))),
        new(typeof(UpdateMapping), "teams", HasTarget: true, (t, a) => t.Run<UpdateMapping, MappingDetails>(
            c => c.RunAsync(a, t.Mapping, new() { Value = Guid.NewGuid().ToString(), Role = Roles.OrganisationAdmin, TeamId = t.Team }, default))),
        new(typeof(DeleteMapping), "teams", HasTarget: true, (t, a) => t.Run<DeleteMapping, Done>(c => c.RunAsync(a, t.Mapping, default))),
        new(typeof(CreateAccessToken), "own tokens", HasTarget: false, (t, a) => t.Run<CreateAccessToken, CreatedAccessToken>(
            c => c.RunAsync(a with { IdentityId = t.Person }, new() { Name = "t", Scopes = ["read"] }, default))),
        // Of somebody else.
        new(typeof(RevokeAccessToken), "teams", HasTarget: true, (t, a) => t.Run<RevokeAccessToken, AccessTokenDetails>(c => c.RunAsync(a, t.Token, default))),
        new(typeof(UndoChange), "undo", HasTarget: true, (t, a) => t.Run<UndoChange, AuditRow>(c => c.RunAsync(a, t.KeyChange, default))),
        new(typeof(ImportConfiguration), "configuration", HasTarget: false, (t, a) => t.Run<ImportConfiguration, ConfigurationImport>(
            c => c.RunAsync(a, "version: 1\n", new(), null, default))),
        new(typeof(RollBackConfiguration), "configuration", HasTarget: false, (t, a) => t.Run<RollBackConfiguration, ConfigurationImport>(
            c => c.RunAsync(a, new() { To = 0 }, null, dryRun: false, null, default))),
        new(typeof(DeleteModel), "models", HasTarget: true, (t, a) => t.Run<DeleteModel, Done>(c => c.RunAsync(a, t.Model, default))),
    ];

    public static TheoryData<string, string, Place> Table()
    {
        var table = new TheoryData<string, string, Place>();
        foreach (var command in s_cases)
            foreach (var role in Roles.All)
            {
                table.Add(command.Type.Name, role, Place.OwnTeam);
                if (!command.HasTarget) continue;
                table.Add(command.Type.Name, role, Place.OtherTeam);
                table.Add(command.Type.Name, role, Place.OtherOrganisation);
            }
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Command_AsRoleAtPlace_DoesWhatTheContractsSay(string command, string role, Place place)
    {
        var its = s_cases.Single(c => c.Type.Name == command);
        var home = await portal.AddOrganisationAsync();
        var ownTeam = await portal.AddTeamAsync(home);
        var user = await portal.AddUserAsync(home, role, ownTeam);
        var targets = place switch
        {
            Place.OwnTeam => await Targets.CreateAsync(portal, home, ownTeam, role == Roles.Developer ? user : null),
            Place.OtherTeam => await Targets.CreateAsync(portal, home, await portal.AddTeamAsync(home), role == Roles.Developer ? user : null),
            _ => await Targets.CreateForeignAsync(portal),
        };
        var actor = PortalHost.Actor(role, home, user, ownTeam);
        var before = await portal.RevisionAsync();

        var failure = await its.Run(targets, actor);

        var expected = place switch
        {
            Place.OwnTeam => s_wholeOrganisation[its.Row].Contains(role) || s_ownOnly[its.Row].Contains(role),
            Place.OtherTeam => s_wholeOrganisation[its.Row].Contains(role),
            _ => false,
        };
        if (expected)
        {
            Assert.Null(failure);
            return;
        }
        // Of another organisation's deployment in a list, all that is said is that there is none.
        var refused = failure is Failure.Forbidden or Failure.NotFound || (place == Place.OtherOrganisation && failure is Failure.Invalid);
        Assert.True(refused, $"{failure?.GetType().Name}: {failure?.Message}");
        Assert.Equal(before, await portal.RevisionAsync());
    }

    [Fact]
    public void Table_OfCommands_NamesEveryCommandThatWrites()
    {
        var commands = typeof(ConfigurationWriter).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(ConfigurationWriter))))
            // These act for nobody with a role: the first start, and signing in.
            .Where(t => t.Namespace != "AspireGateway.Portal.Seed" && t != typeof(SignInPerson))
            // The inside of the two that stand below, and of those that set policies; and what the watch does by itself.
            .Except([typeof(ConfigurationChanger), typeof(PolicyRows<,>), typeof(ApplyPolicies)])
            // They write through the others.
            .Concat([typeof(UndoChange), typeof(ImportConfiguration), typeof(RollBackConfiguration)])
            // Writes nothing, but posts to where a tenant says.
            .Append(typeof(TestGuardrailCheck))
            .Select(t => t.Name).Order(StringComparer.Ordinal);
        Assert.Equal(commands, s_cases.Select(c => c.Type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task IssueKey_AsDeveloper_MakesTheKeyTheirOwn()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var user = await portal.AddUserAsync(organisation, Roles.Developer, team);
        var issued = await portal.Get<IssueKey>().RunAsync(PortalHost.Actor(Roles.Developer, organisation, user, team), new() { TeamId = team, Name = "mine" }, default);
        Assert.Equal(user, issued.Value.Key.OwnerId);
    }

    [Fact]
    public async Task RevokeKeys_OfAnotherDeveloperInTheSameTeam_IsForbidden()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var (mine, theirs) = (await portal.AddUserAsync(organisation, Roles.Developer, team), await portal.AddUserAsync(organisation, Roles.Developer, team));
        var key = await portal.Get<IssueKey>().RunAsync(PortalHost.Actor(Roles.Developer, organisation, theirs, team), new() { TeamId = team, Name = "theirs" }, default);
        var result = await portal.Get<RevokeKeys>().RunAsync(
            PortalHost.Actor(Roles.Developer, organisation, mine, team), new() { Ids = [key.Value.Key.Id] }, default);
        Assert.IsType<Failure.Forbidden>(result.Failure);
    }

    [Fact]
    public async Task Query_ByIdFromAnotherOrganisation_FindsNothing()
    {
        var (home, away) = ($"h-{Guid.NewGuid():N}", $"a-{Guid.NewGuid():N}");
        await portal.AddOrganisationAsync(home);
        var organisation = await portal.AddOrganisationAsync(away);
        var t = await Targets.CreateAsync(portal, organisation, await portal.AddTeamAsync(organisation), null);
        var known = new Dictionary<string, Guid>
        {
            ["teams"] = t.Team, ["users"] = t.User, ["features"] = t.Feature, ["keys"] = t.Key, ["providers"] = t.Provider, ["deployments"] = t.Deployment, ["repricing"] = await t.AddRepricingAsync(), ["models"] = t.Model, ["limits"] = t.Limit, ["budgets"] = t.Budget,
            ["approvals"] = t.Approval, ["webhooks"] = t.Webhook, ["rules"] = t.Rule, ["pins"] = t.Pin, ["guardrails"] = t.Guardrails, ["quarantine"] = t.Quarantined, ["caches"] = t.CachePolicy, ["content/policies"] = t.ContentPolicy, ["alerts/policies"] = t.AnomalyPolicy, ["content/erasures"] = t.Erasure, ["canaries"] = t.Canary, ["benchmarks/sets"] = t.SampleSet, ["benchmarks/runs"] = t.EndedRun, ["audit"] = t.KeyChange, ["digests"] = await AddDigestAsync(organisation, away),
            // Its ids are those of records, of which there is none here.
            ["requests"] = Guid.NewGuid(),
        };
        var (_, document) = await portal.Api.ReadAsync("/api/openapi.json");
        var paths = document!["paths"]!.AsObject().Where(p => p.Key.Contains("{id}", StringComparison.Ordinal) && p.Value!["get"] is not null).Select(p => p.Key).ToList();
        Assert.NotEmpty(paths);
        foreach (var path in paths)
        {
            // A new kind of thing needs a line above.
            var (noun, id) = known.Single(k => path.StartsWith($"/api/{k.Key}/", StringComparison.Ordinal));
            var address = path.Replace("{id}", id.ToString(), StringComparison.Ordinal);
            if (noun != "requests") Assert.Equal((path, System.Net.HttpStatusCode.OK), (path, (await portal.Api.ReadAsync($"{address}?organization={away}")).Status));
            Assert.Equal((path, System.Net.HttpStatusCode.NotFound), (path, (await portal.Api.ReadAsync($"{address}?organization={home}")).Status));
        }
    }

    private async Task<Guid> AddDigestAsync(Guid organisation, string slug)
    {
        var id = Guid.CreateVersion7();
        await portal.ExecuteAsync($$"""
            insert into alert_digests (id, organisation_id, period, day, document, made_at)
            values ('{{id}}', '{{organisation}}', 'daily', '2026-01-02', '{"period":"daily","organization":"{{slug}}","from":"2026-01-02","to":"2026-01-02","time_zone":"UTC","sections":[]}', now())
            """);
        return id;
    }

    private sealed record Case(Type Type, string Row, bool HasTarget, Func<Targets, Actor, Task<Failure?>> Run);

    /// <summary>One of everything, to be changed.</summary>
    private sealed class Targets(PortalHost portal)
    {
        public Guid Team { get; private set; }

        public Guid User { get; private set; }

        public string UserEmail { get; private set; } = "";

        public Guid Member { get; private set; }

        public Guid Feature { get; private set; }

        public Guid Key { get; private set; }

        public Guid KeyChange { get; private set; }

        public Guid Provider { get; private set; }

        public Guid UnusedProvider { get; private set; }

        public Guid Credential { get; private set; }

        public Guid UnusedCredential { get; private set; }

        public Guid Deployment { get; private set; }

        public Guid UnusedDeployment { get; private set; }

        public Guid Model { get; private set; }

        public Guid Limit { get; private set; }

        public Guid LeadsLimit { get; private set; }

        public Guid Budget { get; private set; }

        public Guid LeadsBudget { get; private set; }

        public Guid Tier { get; private set; }

        public Guid UnusedTier { get; private set; }

        public Guid KillSwitch { get; private set; }

        public Guid Approval { get; private set; }

        public Guid Webhook { get; private set; }

        public Guid Rule { get; private set; }

        public Guid RoutingTask { get; private set; }

        public Guid Residency { get; private set; }

        public Guid Guardrails { get; private set; }

        public Guid Quarantined { get; private set; }

        public Guid CachePolicy { get; private set; }

        public Guid ContentPolicy { get; private set; }

        public Guid AnomalyPolicy { get; private set; }

        public Guid Brake { get; private set; }

        public Guid Hold { get; private set; }

        public Guid Erasure { get; private set; }

        public Guid Kept { get; private set; }

        public Guid GuardrailCheck { get; private set; }

        public Guid Pin { get; private set; }

        public Guid Canary { get; private set; }

        public Guid UnusedSampleSet { get; private set; }

        public Guid SampleSet { get; private set; }

        public Guid Draft { get; private set; }

        public Guid EndedRun { get; private set; }

        public Guid Mapping { get; private set; }

        public Guid Person { get; private set; }

        public Guid Token { get; private set; }

        public string ModelName { get; private set; } = "";

        public static async Task<Targets> CreateForeignAsync(PortalHost portal)
        {
            var organisation = await portal.AddOrganisationAsync();
            return await CreateAsync(portal, organisation, await portal.AddTeamAsync(organisation), null);
        }

        public static async Task<Targets> CreateAsync(PortalHost portal, Guid organisation, Guid team, Guid? owner)
        {
            await using var db = portal.Db();
            var now = PortalHost.Now();
            var (provider, unused) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            db.Providers.AddRange(new[] { provider, unused }.Select(id => new Provider
            {
                Id = id, OrganisationId = organisation, Slug = $"p-{id:N}", Name = "P", Protocol = "openai", BaseUrl = "https://api.example.org/v1", CreatedAt = now,
            }));
            var (credential, unusedCredential) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            db.Credentials.AddRange(new[] { credential, unusedCredential }.Select(id => new Credential
            {
                Id = id, OrganisationId = organisation, ProviderId = provider, Name = id.ToString(), Hint = "",
                SecretEnvelope = portal.Get<Shared.Data.SecretBox>().Seal("s", id), CreatedAt = now, UpdatedAt = now,
            }));
            var (deployment, unusedDeployment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            db.Deployments.AddRange(new[] { deployment, unusedDeployment }.Select(id => new Deployment
            {
                Id = id, OrganisationId = organisation, Name = $"d{id:N}", ProviderId = provider, CredentialId = credential, UpstreamModel = "m", CreatedAt = now,
            }));
            var model = new LogicalModel { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"m{Guid.NewGuid():N}", CreatedAt = now };
            model.Deployments.Add(new() { ModelId = model.Id, DeploymentId = deployment });
            db.Models.Add(model);
            var key = new VirtualKey
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, TeamId = team, OwnerId = owner, Name = Guid.NewGuid().ToString(), Prefix = "agw-x",
                SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()), CreatedAt = now, CreatedBy = "test",
            };
            db.VirtualKeys.Add(key);
            // What an admin set, what a lead of the organisation set, and the team's own values, so that leads may take the former away.
            var lead = await db.Users.FindAsync(await portal.AddUserAsync(organisation, Roles.TeamLead));
            Limit NewLimit(string kind, Guid scope, string unit, string by) => new()
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = kind, ScopeId = scope.ToString(), Unit = unit, Amount = 10,
                Period = "minute", OnLimit = "reject", CreatedAt = now, CreatedBy = by,
            };
            Budget NewBudget(string period, string by) => new()
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "key", ScopeId = key.Id.ToString(), Period = period, CapNanoUsd = 10, CreatedAt = now, CreatedBy = by,
            };
            var (limit, leadsLimit) = (NewLimit("key", key.Id, "requests", "admin"), NewLimit("key", key.Id, "tokens", lead!.Email));
            var (budget, leadsBudget) = (NewBudget("daily", "admin"), NewBudget("monthly", lead.Email));
            var (tier, unusedTier) = (
                new Tier { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"t{Guid.NewGuid():N}", Concurrency = 5, CreatedAt = now },
                new Tier { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"t{Guid.NewGuid():N}", Concurrency = 5, CreatedAt = now });
            var stop = new KillSwitch
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "team", ScopeId = team.ToString(), Reason = "r", CreatedAt = now, CreatedBy = lead.Email,
            };
            var approval = new Approval
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, TeamId = team, KeyId = key.Id, RecordId = Guid.CreateVersion7(), Model = "m", ExpectedNanoUsd = 1,
                WorstCaseNanoUsd = 2, RequestedAt = now,
            };
            var webhook = new Webhook
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = "w", Url = "https://hooks.example.org", SecretEnvelope = [1], CreatedAt = now,
            };
            var rule = new RoutingRule
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, Position = 3, Name = "r", Conditions = "{}", Action = """{"deny":"no"}""", CreatedAt = now, CreatedBy = "test",
            };
            var task = new RoutingTask { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = "t", Words = ["w"], CreatedAt = now, CreatedBy = "test" };
            var residency = new ResidencyRule
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "data_class", ScopeId = "health", Regions = ["eu-*"], CreatedAt = now, CreatedBy = "admin",
            };
            var check = new Shared.Domain.Guardrails.GuardrailCheck { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"c{Guid.NewGuid():N}", Kind = "presidio", Url = "https://presidio.example.com/analyze", CreatedAt = now, CreatedBy = "admin" };
            var guardrails = new Shared.Domain.Guardrails.GuardrailPolicy { Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "key", ScopeId = key.Id.ToString(), CreatedAt = now, CreatedBy = "admin" };
            var quarantined = new Shared.Domain.Guardrails.QuarantinedRequest
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, TeamId = team, KeyId = key.Id, RecordId = Guid.CreateVersion7(), Operation = "chat_completions", Model = "m",
                Guardrails = ["secrets"], FindingTypes = ["JWT"], FindingCounts = [1], BodyHash = [1], BodyBytes = 1, CreatedAt = now, Deadline = now.AddDays(1),
            };
            quarantined.Payload = portal.Get<Shared.Data.SecretBox>().Seal("""{"path":"/v1/chat/completions","body":"{}"}"""u8, Shared.Domain.Guardrails.QuarantinedRequest.OwnerOf(organisation, quarantined.Id));
            var cachePolicy = new Shared.Domain.Caching.CachePolicy { Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "key", ScopeId = key.Id.ToString(), CreatedAt = now, CreatedBy = "admin" };
            var contentPolicy = new Shared.Domain.Content.ContentPolicy { Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "team", ScopeId = team.ToString(), CreatedAt = now, CreatedBy = "admin" };
            var anomalyPolicy = new Shared.Domain.Anomalies.AnomalyPolicy { Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "key", ScopeId = key.Id.ToString(), CreatedAt = now, CreatedBy = "admin" };
            var brake = new Shared.Domain.Anomalies.KeyBrake { Id = Guid.CreateVersion7(), OrganisationId = organisation, KeyId = key.Id, AlertId = Guid.CreateVersion7(), Kind = "stop", Reason = "r", CreatedAt = now };
            // Of another model: one that is pinned may not be deleted.
            var pin = new Pin
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "key", ScopeId = key.Id.ToString(), Model = "pinned", DeploymentId = deployment, Version = "v",
                CreatedAt = now, CreatedBy = "admin",
            };
            // Of another model: one whose canary runs may not be deleted.
            var watched = new LogicalModel { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"w{Guid.NewGuid():N}", CreatedAt = now };
            watched.Deployments.Add(new() { ModelId = watched.Id, DeploymentId = deployment });
            var canary = new Canary
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, Model = watched.Name, DeploymentId = deployment, Shares = [100], DwellSeconds = [0], MinRequests = 1, CreatedAt = now,
                CreatedBy = "admin",
            };
            BenchmarkSet NewSet() => new()
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"b{Guid.NewGuid():N}", Task = "math", Metrics = [BenchmarkMetrics.Exact], SampleCount = 1, CreatedAt = now,
                CreatedBy = "admin",
            };
            var (samples, unusedSamples) = (NewSet(), NewSet());
            var made = new Targets(portal) { Team = team, Key = key.Id, SampleSet = samples.Id };
            var (draft, ended) = (made.NewRun(BenchmarkStatuses.Draft), made.NewRun(BenchmarkStatuses.Cancelled));
            foreach (var run in (BenchmarkRun[])[draft, ended]) run.OrganisationId = organisation;
            ended.EndedAt = now;
            var keyChange = new AuditEntry
            {
                Id = Guid.CreateVersion7(), At = now, OrganisationId = organisation, Actor = "test", Action = "virtual_key.update", TargetKind = "virtual_key", TargetId = key.Id,
                Before = System.Text.Json.JsonSerializer.Serialize(KeyDetails.Of(key) with { Name = Guid.NewGuid().ToString() }, DocumentJson.Default.KeyDetails),
                After = System.Text.Json.JsonSerializer.Serialize(KeyDetails.Of(key), DocumentJson.Default.KeyDetails),
            };
            db.AuditEntries.Add(keyChange);
            db.AddRange(new[] { 1, 2 }.Select(version => new Shared.Domain.Quality.QualityVersion
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, Version = version, Source = "import", CreatedAt = now, CreatedBy = "admin",
            }));
            db.AddRange(
                samples, unusedSamples, draft, ended, rule, task, watched, canary, pin, residency, guardrails, cachePolicy, contentPolicy, anomalyPolicy, brake, check, webhook, approval, limit, leadsLimit, budget, leadsBudget, tier, unusedTier, stop,
                new Limit
                {
                    Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "team", ScopeId = team.ToString(), Unit = "concurrency", Amount = 5, OnLimit = "reject",
                    CreatedAt = now, CreatedBy = "admin",
                },
                new TierAssignment { Id = Guid.CreateVersion7(), OrganisationId = organisation, ScopeKind = "key", ScopeId = key.Id.ToString(), TierId = tier.Id });
            var person = PeopleHost.NewIdentity();
            var mapping = new SignInMapping
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, Claim = SignInClaims.Groups, Value = "g", Role = Roles.Developer, TeamId = team, CreatedAt = now, CreatedBy = "admin",
            };
            var token = new AccessToken
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, IdentityId = person.Id, Name = "t", Prefix = "p", SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()),
                Scopes = ["read"], CreatedAt = now, ExpiresAt = now.AddDays(1),
            };
            var feature = new RegisteredFeature { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"f{Guid.NewGuid():N}", CreatedAt = now, CreatedBy = "admin" };
            db.AddRange(person, mapping, token, feature, quarantined);
            await db.SaveChangesAsync();
            var (hold, erasure) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            await portal.ExecuteAsync($"""
                insert into content_holds (id, organisation_id, scope_kind, scope_id, subject, reason, created_at, created_by) values ('{hold}', '{organisation}', 'user', 'held', '\x01', 'a reason', now(), 'admin');
                insert into content_erasures (id, organisation_id, user_id, subject, reason, created_at, created_by, rows_found, finished_at) values ('{erasure}', '{organisation}', 'gone', '\x02', 'a reason', now(), 'admin', 0, now());
                """);
            var kept = await Content.KeptRows.AddAsync(portal, organisation, team, "u", "asked", "answered");
            return new(portal)
            {
                User = lead.Id, UserEmail = lead.Email, Member = await portal.AddUserAsync(organisation, Roles.Auditor, team), Feature = feature.Id, Mapping = mapping.Id, Person = person.Id, Token = token.Id,
                Team = team, Key = key.Id, KeyChange = keyChange.Id, Provider = provider, UnusedProvider = unused, Credential = credential, UnusedCredential = unusedCredential,
                Deployment = deployment, UnusedDeployment = unusedDeployment, Model = model.Id, Limit = limit.Id, LeadsLimit = leadsLimit.Id,
                Budget = budget.Id, LeadsBudget = leadsBudget.Id, Tier = tier.Id, UnusedTier = unusedTier.Id, KillSwitch = stop.Id, Approval = approval.Id, Webhook = webhook.Id,
                Rule = rule.Id, RoutingTask = task.Id,
                Residency = residency.Id, Guardrails = guardrails.Id, Quarantined = quarantined.Id, CachePolicy = cachePolicy.Id, ContentPolicy = contentPolicy.Id, AnomalyPolicy = anomalyPolicy.Id, Brake = brake.Id, Hold = hold, Erasure = erasure, Kept = kept, GuardrailCheck = check.Id, Pin = pin.Id, Canary = canary.Id, UnusedSampleSet = unusedSamples.Id, SampleSet = samples.Id, Draft = draft.Id, EndedRun = ended.Id, ModelName = model.Name,
            };
        }

        public BenchmarkRun NewRun(string status) => new()
        {
            Id = Guid.CreateVersion7(), SetId = SampleSet, Metric = BenchmarkMetrics.Exact, Models = ["m"], TeamId = Team, KeyId = Key, SampleCount = 1, MaxTokens = 1, Concurrency = 1,
            Estimate = """{"models":[]}""", Status = status, CreatedAt = PortalHost.Now(), CreatedBy = "admin",
        };

        /// <summary>Two prices of the deployment and a record of the first; gives the second.</summary>
        public async Task<Guid> AddPricedRecordAsync()
        {
            await using var db = portal.Db();
            var deployment = await db.Deployments.FindAsync(Deployment);
            var (at, organisation) = (PortalHost.Now().AddHours(-1), deployment!.OrganisationId);
            PriceVersion[] prices =
            [
                .. new[] { 1, 2 }.Select(n => new PriceVersion { Id = Guid.CreateVersion7(), OrganisationId = organisation, DeploymentId = Deployment, ValidFrom = at, Components = new() { Request = n }, CreatedBy = "test", CreatedAt = at }),
            ];
            db.AddRange(prices);
            db.Add(new UsageRecord
            {
                Id = Guid.CreateVersion7(at), At = at, RequestId = "r", OrganisationId = organisation, TeamId = Team, KeyId = Key, Route = "chat_completions", Deployment = deployment.Name, Status = UsageStatuses.Ok,
                StatusCode = 200, PriceVersionId = prices[0].Id, CostNanoUsd = 1,
            });
            await db.SaveChangesAsync();
            return prices[1].Id;
        }

        /// <summary>A schedule of files.</summary>
        public async Task<Guid> AddExportAsync()
        {
            var id = Guid.CreateVersion7();
            await portal.ExecuteAsync($"""
                insert into usage_exports (id, organisation_id, name, format, period, is_enabled, next_from, created_by, created_at)
                select '{id}', organisation_id, '{id:N}', 'csv', 'daily', false, now(), 'test', now() from teams where id = '{Team}'
                """);
            return id;
        }

        /// <summary>A re-pricing that nobody works on.</summary>
        public async Task<Guid> AddRepricingAsync()
        {
            var (id, version) = (Guid.CreateVersion7(), await AddPricedRecordAsync());
            await portal.ExecuteAsync($"""
                insert into repricing_jobs (id, organisation_id, deployment_id, deployment, price_version_id, from_at, to_at, reason, status, total, created_by, created_at)
                select '{id}', organisation_id, id, name, '{version}', now() - interval '3 hours', now(), 'r', 'running', 1, 'test', now() from deployments where id = '{Deployment}'
                """);
            return id;
        }

        public async Task<Failure?> Run<TCommand, T>(Func<TCommand, Task<Result<T>>> run)
            where TCommand : notnull => (await run(portal.Get<TCommand>())).Failure;
    }
}
