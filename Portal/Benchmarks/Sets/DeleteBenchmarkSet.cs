using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Sets;

/// <summary>Deletes a sample set with its runs and their results; what was published from them stays. For those who manage models.</summary>
public sealed class DeleteBenchmarkSet(ConfigurationWriter writer)
{
    /// <summary>Deletes it, unless a run of it has not ended.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var set = await write.Context.BenchmarkSets.FirstOrDefaultAsync(s => s.Id == id && s.OrganisationId == organisation, token);
            if (set is null) return new Failure.NotFound("sample set");
            // A key that is not revoked yet would outlive the only row that names it.
            if (await write.Context.BenchmarkRuns.AnyAsync(r => r.SetId == id && (r.EndedAt == null || r.KeyEnvelope != null), token))
                return new Failure.Conflict("A run of this set has not ended. Cancel it, or wait for it.");
            write.Context.BenchmarkSets.Remove(set);
            write.Record("benchmark_set.delete", ConfigurationKinds.BenchmarkSet, id, organisation, BenchmarkSetDetails.Of(set), null, DocumentJson.Default.BenchmarkSetDetails);
            return new Done();
        }, cancellationToken);
    }
}
