using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Deletes a run that has ended with its results; what was published from it stays. For those who manage models.</summary>
public sealed class DeleteBenchmarkRun(ConfigurationWriter writer)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            if (await write.Context.LockRunAsync(organisation, id, token) is not { } found) return new Failure.NotFound("benchmark run");
            var (run, set) = found;
            // A key that is not revoked yet would outlive the only row that names it.
            if (run.EndedAt is null || run.KeyEnvelope is not null) return new Failure.Conflict("The run has not ended, or its key is still being revoked. Cancel it, and try again in a moment.");
            write.Context.BenchmarkRuns.Remove(run);
            write.Record("benchmark_run.delete", ConfigurationKinds.BenchmarkRun, id, organisation, BenchmarkRunDetails.Of(run, set), null, DocumentJson.Default.BenchmarkRunDetails);
            return new Done();
        }, cancellationToken);
    }
}
