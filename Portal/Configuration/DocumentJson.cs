using System.Text.Json.Serialization;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.ConfigurationFiles;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Keeping;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Content.Reading;
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
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Retention;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Teams.Members;
using AspireGateway.Portal.Tiers;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Users;
using AspireGateway.Portal.Webhooks;

namespace AspireGateway.Portal.Configuration;

/// <summary>JSON of the things as the audit keeps them. A type enters here only when it holds no secret, hash or envelope.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OrganisationDetails))]
[JsonSerializable(typeof(TeamDetails))]
[JsonSerializable(typeof(FeatureDetails))]
[JsonSerializable(typeof(KeyDetails))]
[JsonSerializable(typeof(BulkKeyChange))]
[JsonSerializable(typeof(ProviderDetails))]
[JsonSerializable(typeof(CredentialDetails))]
[JsonSerializable(typeof(DeploymentDetails))]
[JsonSerializable(typeof(PriceDetails))]
[JsonSerializable(typeof(PriceBookDetails))]
[JsonSerializable(typeof(RepricingJob))]
[JsonSerializable(typeof(ExportDetails))]
[JsonSerializable(typeof(RetentionSettings))]
[JsonSerializable(typeof(ModelDetails))]
[JsonSerializable(typeof(ModelReliabilityDetails))]
[JsonSerializable(typeof(BreakerDetails))]
[JsonSerializable(typeof(RuleDetails))]
[JsonSerializable(typeof(TaskDetails))]
[JsonSerializable(typeof(LimitDetails))]
[JsonSerializable(typeof(BenchmarkSetDetails))]
[JsonSerializable(typeof(BenchmarkRunDetails))]
[JsonSerializable(typeof(BudgetDetails))]
[JsonSerializable(typeof(BudgetRaiseDetails))]
[JsonSerializable(typeof(TierDetails))]
[JsonSerializable(typeof(TierAssignmentDetails))]
[JsonSerializable(typeof(KillSwitchDetails))]
[JsonSerializable(typeof(ApprovalDetails))]
[JsonSerializable(typeof(WebhookDetails))]
[JsonSerializable(typeof(MappingDetails))]
[JsonSerializable(typeof(PersonDetails))]
[JsonSerializable(typeof(MemberDetails))]
[JsonSerializable(typeof(EndedSessions))]
[JsonSerializable(typeof(AccessTokenDetails))]
[JsonSerializable(typeof(ResidencyDetails))]
[JsonSerializable(typeof(GuardrailDetails))]
[JsonSerializable(typeof(QuarantineDetails))]
[JsonSerializable(typeof(QuarantineLook))]
[JsonSerializable(typeof(CachePolicyDetails))]
[JsonSerializable(typeof(CachePurgeDetails))]
[JsonSerializable(typeof(ContentPolicyDetails))]
[JsonSerializable(typeof(AnomalyPolicyDetails))]
[JsonSerializable(typeof(KeyBrakeDetails))]
[JsonSerializable(typeof(ContentHoldDetails))]
[JsonSerializable(typeof(HoldRelease))]
[JsonSerializable(typeof(ContentErasureDetails))]
[JsonSerializable(typeof(ContentLook))]
[JsonSerializable(typeof(ContentSearchLook))]
[JsonSerializable(typeof(ContentExportLook))]
[JsonSerializable(typeof(ContentRewrap))]
[JsonSerializable(typeof(GuardrailCheckDetails))]
[JsonSerializable(typeof(PinDetails))]
[JsonSerializable(typeof(CanaryDetails))]
[JsonSerializable(typeof(QualityVersionDetails))]
[JsonSerializable(typeof(LearnedChanges))]
[JsonSerializable(typeof(ConfigurationNote))]
public sealed partial class DocumentJson : JsonSerializerContext;
