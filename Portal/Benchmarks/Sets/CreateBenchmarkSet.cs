using System.Text;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Sets;

/// <summary>Takes a sample set in. For those who manage models.</summary>
public sealed class CreateBenchmarkSet(ConfigurationWriter writer)
{
    /// <summary>Checks every line and keeps them.</summary>
    public async Task<Result<BenchmarkSetDetails>> RunAsync(Actor actor, CreateBenchmarkSetRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name);
        var task = checks.Text("task", request.Task);
        var (samples, wrong) = SampleReader.Read(request.Samples);
        foreach (var fault in wrong) checks.Add("samples", fault);
        var metrics = SampleReader.MetricsOf(samples);
        if (wrong.Count == 0) checks.Must(metrics.Length > 0, "samples", "No metric serves all lines. Give every line expected, or every line a schema, or every line a rubric.");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<BenchmarkSetDetails>(actor, async (write, token) =>
        {
            if (!TaskLabels.All.Contains(task, StringComparer.Ordinal) && !await write.Context.RoutingTasks.AnyAsync(t => t.OrganisationId == organisation && t.Name == task, token))
                return new Failure.Invalid([new("task", $"There is no task {task}. It is one of {string.Join(", ", TaskLabels.All)}, or one of your own (Routes, Tasks).")]);
            if (await write.Context.BenchmarkSets.CountAsync(s => s.OrganisationId == organisation, token) >= BenchmarkSet.MaxOfOrganisation)
                return new Failure.Conflict($"An organisation keeps at most {BenchmarkSet.MaxOfOrganisation} sample sets. Delete one that is not needed any more.");
            var set = new BenchmarkSet
            {
                Id = write.NewId(), OrganisationId = organisation, Name = name, Task = task, Metrics = metrics, SampleCount = samples.Count,
                Bytes = Encoding.UTF8.GetByteCount(request.Samples!), CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            write.Context.BenchmarkSets.Add(set);
            write.Context.BenchmarkSamples.Add(new() { SetId = set.Id, Lines = request.Samples! });
            var after = BenchmarkSetDetails.Of(set);
            write.Record("benchmark_set.create", ConfigurationKinds.BenchmarkSet, set.Id, organisation, null, after, DocumentJson.Default.BenchmarkSetDetails);
            return after;
        }, cancellationToken);
    }
}
