using System.Text.Json;
using System.Text.Json.Serialization;
using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.Alerts.Mutes;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Audit.Chain;
using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Caching.Recent;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Content.Reading;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Features;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Guardrails.Found;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Pins;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Quality.InUse;
using AspireGateway.Portal.Quarantine;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.Repricing;
using AspireGateway.Portal.Requests;
using AspireGateway.Portal.Retention;
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Teams.Members;
using AspireGateway.Portal.Tiers;
using AspireGateway.Portal.Usage;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Users;
using AspireGateway.Portal.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary>JSON of the API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(Guid?))]
[JsonSerializable(typeof(DateTimeOffset?))]
// Blazor asks for its start-up scripts through the same options.
[JsonSerializable(typeof(IList<string>))]
[JsonSerializable(typeof(Page<OrganisationDetails>))]
[JsonSerializable(typeof(CreateOrganisationRequest))]
[JsonSerializable(typeof(UpdateOrganisationRequest))]
[JsonSerializable(typeof(Page<TeamRow>))]
[JsonSerializable(typeof(TeamDetails))]
[JsonSerializable(typeof(CreateTeamRequest))]
[JsonSerializable(typeof(UpdateTeamRequest))]
[JsonSerializable(typeof(InUseReport))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(SetMemberRequest))]
[JsonSerializable(typeof(MemberDetails))]
[JsonSerializable(typeof(Page<PersonRow>))]
[JsonSerializable(typeof(PersonDetails))]
[JsonSerializable(typeof(SetRoleRequest))]
[JsonSerializable(typeof(EndedSessions))]
[JsonSerializable(typeof(Page<NamedUsage>))]
[JsonSerializable(typeof(Page<FeatureRow>))]
[JsonSerializable(typeof(FeatureDetails))]
[JsonSerializable(typeof(CreateFeatureRequest))]
[JsonSerializable(typeof(UpdateFeatureRequest))]
[JsonSerializable(typeof(Page<KeyRow>))]
[JsonSerializable(typeof(KeyDetails))]
[JsonSerializable(typeof(IssuedKey))]
[JsonSerializable(typeof(IssueKeyRequest))]
[JsonSerializable(typeof(UpdateKeyRequest))]
[JsonSerializable(typeof(RotateKeyRequest))]
[JsonSerializable(typeof(RevokeKeysRequest))]
[JsonSerializable(typeof(RevokedKeys))]
[JsonSerializable(typeof(ExtendKeysRequest))]
[JsonSerializable(typeof(AssignTierToKeysRequest))]
[JsonSerializable(typeof(ChangedKeys))]
[JsonSerializable(typeof(Page<ProviderRow>))]
[JsonSerializable(typeof(ProviderDetails))]
[JsonSerializable(typeof(ProviderRequest))]
[JsonSerializable(typeof(Page<CredentialRow>))]
[JsonSerializable(typeof(CredentialDetails))]
[JsonSerializable(typeof(CreateCredentialRequest))]
[JsonSerializable(typeof(ReplaceCredentialRequest))]
[JsonSerializable(typeof(ResealedCredentials))]
[JsonSerializable(typeof(Page<DeploymentRow>))]
[JsonSerializable(typeof(DeploymentDetails))]
[JsonSerializable(typeof(CreateDeploymentRequest))]
[JsonSerializable(typeof(UpdateDeploymentRequest))]
[JsonSerializable(typeof(Page<RepricingJob>))]
[JsonSerializable(typeof(RepricingRequest))]
[JsonSerializable(typeof(ExportDetails[]))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(Page<ExportRun>))]
[JsonSerializable(typeof(RetentionSettings))]
[JsonSerializable(typeof(RetentionDetails))]
[JsonSerializable(typeof(RepricingPreview))]
[JsonSerializable(typeof(Page<PriceDetails>))]
[JsonSerializable(typeof(SetPriceRequest))]
[JsonSerializable(typeof(PriceImport))]
[JsonSerializable(typeof(Page<PriceVersionRow>))]
[JsonSerializable(typeof(Page<PriceBookDetails>))]
[JsonSerializable(typeof(ModelDefaults))]
[JsonSerializable(typeof(Page<ModelRow>))]
[JsonSerializable(typeof(ModelDetails))]
[JsonSerializable(typeof(ModelRequest))]
[JsonSerializable(typeof(Page<ReliabilityRow>))]
[JsonSerializable(typeof(Page<CircuitEventRow>))]
[JsonSerializable(typeof(FiguresReport))]
[JsonSerializable(typeof(Page<ModelReliabilityDetails>))]
[JsonSerializable(typeof(ModelReliabilityRequest))]
[JsonSerializable(typeof(BreakerDetails))]
[JsonSerializable(typeof(BreakerRequest))]
[JsonSerializable(typeof(CircuitOrderRequest))]
[JsonSerializable(typeof(Page<RuleDetails>))]
[JsonSerializable(typeof(Page<AlertRow>))]
[JsonSerializable(typeof(AlertRow))]
[JsonSerializable(typeof(Page<AnomalyPolicyRow>))]
[JsonSerializable(typeof(AnomalyPolicyDetails))]
[JsonSerializable(typeof(SetAnomalyPolicyRequest))]
[JsonSerializable(typeof(Page<KeyBrakeRow>))]
[JsonSerializable(typeof(KeyBrakeDetails))]
[JsonSerializable(typeof(MuteRequest))]
[JsonSerializable(typeof(DigestDocument))]
[JsonSerializable(typeof(DigestRow))]
[JsonSerializable(typeof(Page<DigestRow>))]
[JsonSerializable(typeof(MuteDetails))]
[JsonSerializable(typeof(Page<MuteDetails>))]
[JsonSerializable(typeof(RuleRequest))]
[JsonSerializable(typeof(ReorderRulesRequest))]
[JsonSerializable(typeof(Page<TaskDetails>))]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(TryRouteRequest))]
[JsonSerializable(typeof(RoutePreview))]
[JsonSerializable(typeof(Page<LimitRow>))]
[JsonSerializable(typeof(LimitDetails))]
[JsonSerializable(typeof(CreateLimitRequest))]
[JsonSerializable(typeof(UpdateLimitRequest))]
[JsonSerializable(typeof(Page<BudgetRow>))]
[JsonSerializable(typeof(BudgetDetails))]
[JsonSerializable(typeof(BudgetStatus))]
[JsonSerializable(typeof(CreateBudgetRequest))]
[JsonSerializable(typeof(UpdateBudgetRequest))]
[JsonSerializable(typeof(RaiseBudgetRequest))]
[JsonSerializable(typeof(Page<BudgetRaiseDetails>))]
[JsonSerializable(typeof(Page<BudgetEventDetails>))]
[JsonSerializable(typeof(Page<BenchmarkSetDetails>))]
[JsonSerializable(typeof(CreateBenchmarkSetRequest))]
[JsonSerializable(typeof(Page<BenchmarkRunDetails>))]
[JsonSerializable(typeof(BenchmarkRunResult))]
[JsonSerializable(typeof(Page<BenchmarkResultRow>))]
[JsonSerializable(typeof(PlanBenchmarkRequest))]
[JsonSerializable(typeof(StartBenchmarkRequest))]
[JsonSerializable(typeof(Page<TierDetails>))]
[JsonSerializable(typeof(TierRequest))]
[JsonSerializable(typeof(Page<TierAssignmentRow>))]
[JsonSerializable(typeof(TierAssignmentDetails))]
[JsonSerializable(typeof(AssignTierRequest))]
[JsonSerializable(typeof(Page<KillSwitchRow>))]
[JsonSerializable(typeof(KillSwitchDetails))]
[JsonSerializable(typeof(ThrowKillSwitchRequest))]
[JsonSerializable(typeof(Page<ApprovalRow>))]
[JsonSerializable(typeof(ApprovalDetails))]
[JsonSerializable(typeof(GrantApprovalRequest))]
[JsonSerializable(typeof(DenyApprovalRequest))]
[JsonSerializable(typeof(Page<WebhookDetails>))]
[JsonSerializable(typeof(CreatedWebhook))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(Page<WebhookDeliveryDetails>))]
[JsonSerializable(typeof(Page<WebhookAttemptDetails>))]
[JsonSerializable(typeof(Page<ResidencyDetails>))]
[JsonSerializable(typeof(SetResidencyRequest))]
[JsonSerializable(typeof(Page<QuarantineRow>))]
[JsonSerializable(typeof(QuarantineDetails))]
[JsonSerializable(typeof(DecideQuarantineRequest))]
[JsonSerializable(typeof(RevealQuarantineRequest))]
[JsonSerializable(typeof(RevealedRequest))]
[JsonSerializable(typeof(Page<GuardrailRow>))]
[JsonSerializable(typeof(GuardrailDetails))]
[JsonSerializable(typeof(SetGuardrailsRequest))]
[JsonSerializable(typeof(Page<GuardrailCheckDetails>))]
[JsonSerializable(typeof(GuardrailCheckDetails))]
[JsonSerializable(typeof(GuardrailCheckTrial))]
[JsonSerializable(typeof(GuardrailCheckRequest))]
[JsonSerializable(typeof(FoundReport))]
[JsonSerializable(typeof(Page<CachePolicyRow>))]
[JsonSerializable(typeof(CachePolicyDetails))]
[JsonSerializable(typeof(SetCachePolicyRequest))]
[JsonSerializable(typeof(PurgeCacheRequest))]
[JsonSerializable(typeof(CachePurgeDetails))]
[JsonSerializable(typeof(CacheRecent))]
[JsonSerializable(typeof(Page<ContentPolicyRow>))]
[JsonSerializable(typeof(ContentPolicyDetails))]
[JsonSerializable(typeof(SetContentPolicyRequest))]
[JsonSerializable(typeof(Page<ContentHoldDetails>))]
[JsonSerializable(typeof(PlaceHoldRequest))]
[JsonSerializable(typeof(ReleaseHoldRequest))]
[JsonSerializable(typeof(Page<ContentErasureDetails>))]
[JsonSerializable(typeof(EraseContentRequest))]
[JsonSerializable(typeof(RevealContentRequest))]
[JsonSerializable(typeof(KeptContent))]
[JsonSerializable(typeof(SearchContentRequest))]
[JsonSerializable(typeof(ContentSearchResult))]
[JsonSerializable(typeof(ExportContentRequest))]
[JsonSerializable(typeof(Page<PinRow>))]
[JsonSerializable(typeof(CreatePinRequest))]
[JsonSerializable(typeof(PinRequest))]
[JsonSerializable(typeof(Page<CanaryRow>))]
[JsonSerializable(typeof(CanaryDetails))]
[JsonSerializable(typeof(CreateCanaryRequest))]
[JsonSerializable(typeof(AbortCanaryRequest))]
[JsonSerializable(typeof(PinDetails))]
[JsonSerializable(typeof(ResidencyDetails))]
[JsonSerializable(typeof(QualityTable))]
[JsonSerializable(typeof(PublishQualityRequest))]
[JsonSerializable(typeof(RestoreQualityRequest))]
[JsonSerializable(typeof(QualityPublication))]
[JsonSerializable(typeof(QualityVersionDetails))]
[JsonSerializable(typeof(Page<QualityVersionDetails>))]
[JsonSerializable(typeof(Page<QualityChange>))]
[JsonSerializable(typeof(UsageReport))]
[JsonSerializable(typeof(Page<RequestRow>))]
[JsonSerializable(typeof(RequestDetails))]
[JsonSerializable(typeof(Page<AuditRow>))]
[JsonSerializable(typeof(Page<AccessTokenDetails>))]
[JsonSerializable(typeof(CreatedAccessToken))]
[JsonSerializable(typeof(CreateAccessTokenRequest))]
[JsonSerializable(typeof(Page<MappingRow>))]
[JsonSerializable(typeof(MappingDetails))]
[JsonSerializable(typeof(MappingRequest))]
[JsonSerializable(typeof(AuditRow))]
[JsonSerializable(typeof(ConfigurationImport))]
[JsonSerializable(typeof(RollBackConfigurationRequest))]
[JsonSerializable(typeof(Page<ConfigurationRevision>))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Sets the API's rules: snake case, no field that is not known, none twice.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolverChain.Clear();
        options.TypeInfoResolverChain.Add(Default);
    }
}
