using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Keeps a run that was planned: the last step of <see cref="PlanBenchmarkRun"/>. For those who manage models.</summary>
public sealed class AddBenchmarkRun(ConfigurationWriter writer)
{
    /// <summary>Keeps it as a draft.</summary>
    public async Task<Result<BenchmarkRunDetails>> RunAsync(Actor actor, BenchmarkRun run, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(run);
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<BenchmarkRunDetails>(actor, async (write, token) =>
        {
            var set = await write.Context.BenchmarkSets.FirstOrDefaultAsync(s => s.Id == run.SetId && s.OrganisationId == organisation, token);
            if (set is null) return new Failure.NotFound("sample set");
            if (await write.Context.BenchmarkRuns.CountAsync(r => r.OrganisationId == organisation, token) >= BenchmarkRun.MaxOfOrganisation)
                return new Failure.Conflict($"An organisation keeps at most {BenchmarkRun.MaxOfOrganisation} runs. Delete some that are not needed any more.");
            (run.OrganisationId, run.Status, run.CreatedAt) = (organisation, BenchmarkStatuses.Draft, write.Now);
            write.Context.BenchmarkRuns.Add(run);
            var after = BenchmarkRunDetails.Of(run, set);
            write.Record("benchmark_run.plan", ConfigurationKinds.BenchmarkRun, run.Id, organisation, null, after, DocumentJson.Default.BenchmarkRunDetails);
            return after;
        }, cancellationToken);
    }
}
