using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Reliability;

/// <summary>Says when a deployment is left alone; opens and closes its circuit by hand. For those who manage models.</summary>
public sealed class SetBreaker(ConfigurationWriter writer)
{
    private const int MaxReason = 500;

    /// <summary>Sets all values; what was done by hand stays.</summary>
    public Task<Result<BreakerDetails>> RunAsync(Actor actor, Guid deploymentId, BreakerRequest request, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        checks.Range("failures", request.Failures, 0, 1_000);
        checks.Range("failure_percent", request.FailurePercent, 0, 100);
        checks.Range("minimum_requests", request.MinimumRequests, 1, 10_000);
        checks.Range("window_seconds", request.WindowSeconds, 1, 600);
        checks.Range("latency_ms", request.LatencyMs, 10, 600_000);
        checks.Range("open_seconds", request.OpenSeconds, 1, 3_600);
        checks.Range("probe_every_seconds", request.ProbeEverySeconds, 5, 3_600);
        var path = checks.Optional("probe_path", request.ProbePath, 200);
        if (path is not null && (path[0] != '/' || path.Any(char.IsWhiteSpace) || path.Contains("..", StringComparison.Ordinal)))
            checks.Add("probe_path", "probe_path begins with / and holds no blanks and no .. .");
        return ChangeAsync(actor, deploymentId, "deployment.breaker", checks.Failure, (b, _) => b with
        {
            Failures = request.Failures, FailurePercent = request.FailurePercent, MinimumRequests = request.MinimumRequests, WindowSeconds = request.WindowSeconds,
            LatencyMs = request.LatencyMs, OpenSeconds = request.OpenSeconds,
            Probe = request.ProbeEverySeconds is { } every ? new() { EverySeconds = every, Path = path ?? new HealthProbe().Path } : null,
        }, null, cancellationToken);
    }

    /// <summary>Takes the deployment out of every plan until somebody closes it; gateways hold to it within a second.</summary>
    public Task<Result<BreakerDetails>> OpenAsync(Actor actor, Guid deploymentId, CircuitOrderRequest request, CancellationToken cancellationToken) =>
        OrderAsync(actor, deploymentId, "circuit.open", "open", request, (b, now, reason) => b with { IsHeldOpen = true, Reason = reason, By = actor.Name }, cancellationToken);

    /// <summary>Lets requests go to it again at once, all of them, whatever was known of it.</summary>
    public Task<Result<BreakerDetails>> CloseAsync(Actor actor, Guid deploymentId, CircuitOrderRequest request, CancellationToken cancellationToken) =>
        OrderAsync(actor, deploymentId, "circuit.close", "closed", request, (b, now, reason) => b with { IsHeldOpen = false, ClosedAt = now, Reason = reason, By = actor.Name }, cancellationToken);

    private Task<Result<BreakerDetails>> OrderAsync(
        Actor actor, Guid deploymentId, string action, string state, CircuitOrderRequest request, Func<BreakerSettings, DateTimeOffset, string, BreakerSettings> change, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var reason = checks.Text("reason", request.Reason, MaxReason);
        return ChangeAsync(actor, deploymentId, action, checks.Failure, (b, now) => change(b, now, reason), (state, $"by {actor.Name}: {reason}"), cancellationToken);
    }

    private async Task<Result<BreakerDetails>> ChangeAsync(
        Actor actor, Guid deploymentId, string action, Failure? faults, Func<BreakerSettings, DateTimeOffset, BreakerSettings> change, (string State, string Reason)? happened,
        CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        if (faults is not null) return faults;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<BreakerDetails>(actor, async (write, token) =>
        {
            var deployment = await write.Context.Deployments.FirstOrDefaultAsync(d => d.Id == deploymentId && d.OrganisationId == organisation, token);
            if (deployment is null) return new Failure.NotFound("deployment");
            var before = BreakerDetails.Of(deployment);
            deployment.Breaker = change(before.Settings, write.Now);
            var after = BreakerDetails.Of(deployment);
            if (after == before) return after;
            if (happened is { } event_)
            {
                await write.Context.Database.ExecuteSqlAsync(
                    $"insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, until, gateway) values ({write.NewId()}, {organisation}, {deploymentId}, {write.Now}, {event_.State}, {event_.Reason}, null, 'portal')", token);
            }
            write.Record(action, ConfigurationKinds.Deployment, deploymentId, organisation, before, after, DocumentJson.Default.BreakerDetails);
            return after;
        }, cancellationToken);
    }
}
