using System.Text.Json.Serialization;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.ConfigurationFiles.Kinds;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Pins;
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tiers;
using AspireGateway.Portal.Webhooks;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>
/// The shapes of a configuration file's entries: the requests of the API, so that a field is called and checked alike in both. Ids of things are written as their names. What is not set is left out.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(UpdateOrganisationRequest))]
[JsonSerializable(typeof(CreateTeamRequest))]
[JsonSerializable(typeof(UpdateTeamRequest))]
[JsonSerializable(typeof(ProviderEntry))]
[JsonSerializable(typeof(DeploymentEntry))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(TierRequest))]
[JsonSerializable(typeof(AssignTierRequest))]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(RuleRequest))]
[JsonSerializable(typeof(CreatePinRequest))]
[JsonSerializable(typeof(CreateCanaryRequest))]
[JsonSerializable(typeof(IReadOnlyList<CanaryStep>))]
[JsonSerializable(typeof(CreateLimitRequest))]
[JsonSerializable(typeof(UpdateLimitRequest))]
[JsonSerializable(typeof(CreateBudgetRequest))]
[JsonSerializable(typeof(UpdateBudgetRequest))]
[JsonSerializable(typeof(SetResidencyRequest))]
[JsonSerializable(typeof(SetGuardrailsRequest))]
[JsonSerializable(typeof(SetCachePolicyRequest))]
[JsonSerializable(typeof(SetContentPolicyRequest))]
[JsonSerializable(typeof(SetAnomalyPolicyRequest))]
[JsonSerializable(typeof(GuardrailCheckRequest))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(FeatureEntry))]
internal sealed partial class FileJson : JsonSerializerContext;
