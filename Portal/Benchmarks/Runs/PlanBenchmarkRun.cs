using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>
/// Plans a run: issues its key, has the gateway estimate every request, and keeps the run with its estimate until somebody starts it. For those who manage models and may issue keys of the team.
/// </summary>
/// <remarks>Steps: 1. check the request; 2. find set, samples and the models behind aliases; 3. issue the key; 4. estimate; 5. keep the run. When 4 or 5 fails the key is revoked again.</remarks>
public sealed class PlanBenchmarkRun(
    IDbContextFactory<GatewayDbContext> contexts, IssueKey issue, RevokeKeys revoke, EstimateBenchmark estimate, AddBenchmarkRun add, SecretBox box, TimeProvider clock)
{
    /// <summary>What the runs' keys book their requests on.</summary>
    public const string Feature = "benchmark";

    /// <summary>How long a run's key works, whatever becomes of the run.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private const int MaxModels = 8, MaxRequests = 5_000, MaxTokens = 32_768, DefaultTokens = 512, MaxConcurrency = 16, DefaultConcurrency = 4;

    /// <summary>Plans it. Nothing is sent to a provider yet.</summary>
    public async Task<Result<BenchmarkRunDetails>> RunAsync(Actor actor, PlanBenchmarkRequest request, CancellationToken cancellationToken)
    {
        // 1.
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(request);
        var checks = new FieldChecks();
        checks.Must(request.SetId is not null, "set_id", "set_id is required: what shall be asked?");
        checks.Must(request.TeamId is not null, "team_id", "team_id is required: who pays?");
        var models = Models(checks, request.Models);
        var judge = checks.ModelReference("judge", request.Judge);
        checks.Range("samples", request.Samples, 1, SampleReader.MaxSamples);
        checks.Range("max_tokens", request.MaxTokens, 1, MaxTokens);
        checks.Range("concurrency", request.Concurrency, 1, MaxConcurrency);
        if (checks.Failure is { } faults) return faults;

        // 2.
        var found = await FindAsync(actor.OrganisationId!.Value, request, models, judge, cancellationToken);
        if (found.Failure is { } missing) return missing;
        var (set, samples, metric, names, judgeName) = found.Value;

        // 3.
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var issued = await issue.RunAsync(
            actor,
            new()
            {
                TeamId = request.TeamId, Name = $"benchmark {id:N}", Feature = Feature, Priority = "low", ExpiresAt = clock.GetUtcNow() + KeyLifetime,
                AllowedModels = [.. names.Append(judgeName).OfType<string>().Distinct(StringComparer.Ordinal)],
            },
            cancellationToken);
        if (issued.Failure is { } notIssued) return InWordsOfTheRun(notIssued);
        var key = issued.Value;
        var isKept = false;
        try
        {
            // 4.
            var tokens = request.MaxTokens ?? DefaultTokens;
            var cost = await estimate.RunAsync(key.Secret, set.Task, names, judgeName, samples, tokens, cancellationToken);
            if (cost.Failure is { } notEstimated) return notEstimated;

            // 5.
            var added = await add.RunAsync(
                actor,
                new()
                {
                    Id = id, SetId = set.Id, Metric = metric, Models = [.. names], Judge = judgeName, TeamId = request.TeamId!.Value, KeyId = key.Key.Id, KeyEnvelope = box.Seal(key.Secret, id),
                    SampleCount = samples.Count, MaxTokens = tokens, Concurrency = request.Concurrency ?? DefaultConcurrency, KeepReplies = request.KeepReplies == true, CreatedBy = actor.Name,
                    Estimate = System.Text.Json.JsonSerializer.Serialize(cost.Value, BenchmarkJson.Default.BenchmarkEstimate), ExpectedNanoUsd = cost.Value.ExpectedNanoUsd,
                    WorstNanoUsd = cost.Value.WorstNanoUsd,
                },
                cancellationToken);
            isKept = added.Succeeded;
            return added;
        }
        finally
        {
            // Also when whoever asked has left: the key must not outlive what it was for.
            if (!isKept) await revoke.RunAsync(actor, new() { Ids = [key.Key.Id] }, CancellationToken.None);
        }
    }

    private async Task<Result<Found>> FindAsync(Guid organisation, PlanBenchmarkRequest request, string[] models, string? judge, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var set = await context.BenchmarkSets.AsNoTracking().FirstOrDefaultAsync(s => s.Id == request.SetId && s.OrganisationId == organisation, cancellationToken);
        if (set is null) return new Failure.NotFound("sample set");
        var checks = new FieldChecks();
        var metric = checks.Choice("metric", request.Metric, set.Metrics, set.Metrics[0]);
        var isJudged = metric == BenchmarkMetrics.Rubric;
        checks.Must(!isJudged || judge is not null, "judge", "judge is required with rubric: which model judges?");
        checks.Must(isJudged || judge is null, "judge", "judge goes with rubric only. Leave it out.");
        var lines = await context.BenchmarkSamples.AsNoTracking().Where(s => s.SetId == set.Id).Select(s => s.Lines).SingleAsync(cancellationToken);
        var samples = SampleReader.Read(lines).Samples.Take(request.Samples ?? int.MaxValue).ToList();
        checks.Must(samples.Count * models.Length <= MaxRequests, "samples", $"{samples.Count} samples for {models.Length} models are more than {MaxRequests} answers. Plan fewer samples or models.");
        var asked = models.Append(judge).OfType<string>().ToArray();
        var aliases = await context.ModelAliases.Where(a => a.OrganisationId == organisation && asked.Contains(a.Name))
            .Join(context.Models, a => a.ModelId, m => m.Id, (a, m) => new { a.Name, Model = m.Name }).ToDictionaryAsync(a => a.Name, a => a.Model, cancellationToken);
        List<string> names = [.. models.Select(m => aliases.GetValueOrDefault(m, m))];
        checks.Must(names.Distinct(StringComparer.Ordinal).Count() == names.Count, "models", "models names the same model twice.");
        return checks.Failure is { } faults ? faults : new Found(set, samples, metric, names, judge is null ? null : aliases.GetValueOrDefault(judge, judge));
    }

    private static string[] Models(FieldChecks checks, IReadOnlyList<string>? given)
    {
        checks.Must(given is { Count: >= 1 and <= MaxModels }, "models", $"models names 1 to {MaxModels} models.");
        var models = (given ?? []).Select(m => checks.ModelReference("models", m) ?? "").ToArray();
        checks.Must(!Array.Exists(models, m => m is "" or "auto"), "models", "models holds names of models; auto is none, since a default may change.");
        return models;
    }

    // The caller knows nothing of the key's fields.
    private static Failure InWordsOfTheRun(Failure failure) => failure is Failure.Invalid { Faults: var faults }
        ? new Failure.Invalid([.. faults.Select(f => f.Field == "allowed_models" ? new Fault("models", "The team may not use all of these models. Choose others, or another team.") : f)])
        : failure;

    private sealed record Found(BenchmarkSet Set, IReadOnlyList<BenchmarkSample> Samples, string Metric, IReadOnlyList<string> Models, string? Judge);
}
