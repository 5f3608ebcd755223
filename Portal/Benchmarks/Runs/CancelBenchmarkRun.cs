using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Ends a run: for those who manage models, and for the portal that worked on it.</summary>
public sealed class CancelBenchmarkRun(ConfigurationWriter writer)
{
    /// <summary>Who ends and cleans up in the audit where nobody asked for it.</summary>
    public const string Worker = "benchmark";

    /// <summary>Cancels it; requests under way are given up within a few seconds, what they cost is booked. What was judged stays.</summary>
    public async Task<Result<BenchmarkRunDetails>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        return await EndAsync(actor, id, BenchmarkStatuses.Cancelled, null, "benchmark_run.cancel", _ => true, cancellationToken);
    }

    /// <summary>Writes down how it ended.</summary>
    /// <param name="organisation">Whose run.</param>
    /// <param name="id">The run.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="reason">Why before all was done.</param>
    /// <param name="still">Whether it still stands as the caller thinks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal Task<Result<BenchmarkRunDetails>> EndAsync(Guid organisation, Guid id, string status, string? reason, Func<BenchmarkRun, bool> still, CancellationToken cancellationToken) =>
        EndAsync(WorkerOf(organisation), id, status, reason, "benchmark_run.end", still, cancellationToken);

    /// <summary>The portal itself, as it may revoke the keys of runs.</summary>
    internal static Actor WorkerOf(Guid organisation) => new() { Name = Worker, Roles = [Roles.Platform], OrganisationId = organisation };

    private Task<Result<BenchmarkRunDetails>> EndAsync(
        Actor actor, Guid id, string status, string? reason, string action, Func<BenchmarkRun, bool> still, CancellationToken cancellationToken)
    {
        var organisation = actor.OrganisationId!.Value;
        return writer.WriteAsync<BenchmarkRunDetails>(actor, async (write, token) =>
        {
            if (await write.Context.LockRunAsync(organisation, id, token) is not { } found) return new Failure.NotFound("benchmark run");
            var (run, set) = found;
            if (!BenchmarkStatuses.IsOpen(run.Status) || !still(run)) return new Failure.Conflict("The run has ended already.");
            var before = BenchmarkRunDetails.Of(run, set);
            (run.Status, run.Reason, run.EndedAt, run.LeaseOwner, run.LeaseUntil) = (status, reason, write.Now, null, null);
            var after = BenchmarkRunDetails.Of(run, set);
            write.Record(action, ConfigurationKinds.BenchmarkRun, id, organisation, before, after, DocumentJson.Default.BenchmarkRunDetails);
            return after;
        }, cancellationToken);
    }
}
