using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Reliability.Credentials;

/// <summary>
/// Lets credentials rest: one whose rate is limited until its provider said (1 s where it does not), one that is refused for long
/// (<see cref="ReliabilityOptions.CredentialRestMs"/>), which also goes into the log of events.
/// </summary>
internal sealed class CredentialWatch(SteeringLog log, IOptions<ReliabilityOptions> settings, TimeProvider time)
{
    private readonly int refusedMs = settings.Value.CredentialRestMs;

    /// <summary>Judges a failure.</summary>
    /// <param name="organisation">Whose deployment it is.</param>
    /// <param name="deployment">Which.</param>
    /// <param name="place">The place of the credential that it was called with.</param>
    /// <param name="outcome">The failure's word.</param>
    /// <param name="retryAfterSeconds">When the provider wants to be asked again; null = it did not say.</param>
    public CredentialVerdict Failed(Guid organisation, DeploymentSnapshot deployment, int place, string outcome, int? retryAfterSeconds)
    {
        var isLimited = outcome == "rate_limited";
        if (place < 0 || !(isLimited || outcome is "unauthorized" or "credential_unreadable")) return CredentialVerdict.Deployment;
        var slots = deployment.Credentials;
        // The limit of the only one is the deployment's.
        if (isLimited && slots.Length == 1) return CredentialVerdict.Deployment;
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (isLimited) slots[place].Limit(nowMs + Math.Max(1, retryAfterSeconds ?? 1) * 1_000L);
        else if (slots[place].Refuse(nowMs, nowMs + refusedMs)) Tell(organisation, deployment, slots[place], outcome, nowMs);
        if (slots.Length == 1) return CredentialVerdict.Deployment;
        if (CredentialSpread.HasAwake(slots, nowMs)) return CredentialVerdict.Another;
        // When all are refused, nothing gets better by itself: the circuit says so, and opens.
        return isLimited || Array.Exists(slots, slot => !slot.IsRefusedAt(nowMs)) ? CredentialVerdict.AllRest : CredentialVerdict.Deployment;
    }

    /// <summary>The same for an attempt.</summary>
    public CredentialVerdict Failed(Guid organisation, in Attempt attempt, ProviderFailure failure) =>
        Failed(organisation, attempt.Candidate.Deployment, attempt.CredentialPlace, failure.Outcome, failure.ToldSeconds ?? failure.Refusal.RetryAfterSeconds);

    private void Tell(Guid organisation, DeploymentSnapshot deployment, CredentialSlot slot, string outcome, long nowMs)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        var detail = new CredentialRefusedDetail(deployment.Id, deployment.Name, deployment.Provider.Slug, outcome, at.AddMilliseconds(refusedMs));
        log.TryWrite(new SteeringEvent
        {
            Id = Guid.CreateVersion7(at), OrganisationId = organisation, Type = SteeringEvents.CredentialRefused, SubjectId = slot.Credential.Id,
            // Every gateway meets it; one of them tells, once for each rest.
            Occurrence = string.Create(CultureInfo.InvariantCulture, $"{deployment.Id:N}:{nowMs / refusedMs}"),
            Detail = JsonSerializer.Serialize(detail, CredentialJson.Default.CredentialRefusedDetail), At = at,
        });
    }
}

/// <summary>What is told of a credential that a provider refused. Nothing of the secret.</summary>
/// <param name="DeploymentId">The deployment that was called with it.</param>
/// <param name="Deployment">Its name.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Reason"><c>unauthorized</c>, or <c>credential_unreadable</c>: this gateway cannot open it.</param>
/// <param name="Until">Until when the deployment leaves it alone.</param>
internal sealed record CredentialRefusedDetail(Guid DeploymentId, string Deployment, string Provider, string Reason, DateTimeOffset Until);

/// <summary>JSON of such events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CredentialRefusedDetail))]
internal sealed partial class CredentialJson : JsonSerializerContext;
