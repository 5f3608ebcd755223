using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Lets a planned run begin, now that its estimate was seen. For those who manage models.</summary>
public sealed class StartBenchmarkRun(ConfigurationWriter writer)
{
    /// <summary>Most that a run may cost: a million dollars.</summary>
    public const long MaxCeiling = 1_000_000 * UsdAmount.Scale;

    /// <summary>Starts it; a portal takes it up within two seconds.</summary>
    public async Task<Result<BenchmarkRunDetails>> RunAsync(Actor actor, Guid id, StartBenchmarkRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(request);
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var ceiling = checks.Money("ceiling", request.CeilingUsd, request.CeilingNanoUsd, 1, MaxCeiling);
        checks.Must(ceiling is not null || checks.Failure is not null, "ceiling_usd", "ceiling_usd is required: what may it cost at most?");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<BenchmarkRunDetails>(actor, async (write, token) =>
        {
            if (await write.Context.LockRunAsync(organisation, id, token) is not { } found) return new Failure.NotFound("benchmark run");
            var (run, set) = found;
            if (run.Status != BenchmarkStatuses.Draft) return new Failure.Conflict("The run was started or has ended already. Plan another one.");
            var before = BenchmarkRunDetails.Of(run, set);
            (run.Status, run.CeilingNanoUsd, run.StartedAt) = (BenchmarkStatuses.Queued, ceiling, write.Now);
            var after = BenchmarkRunDetails.Of(run, set);
            write.Record("benchmark_run.start", ConfigurationKinds.BenchmarkRun, id, organisation, before, after, DocumentJson.Default.BenchmarkRunDetails);
            return after;
        }, cancellationToken);
    }
}
