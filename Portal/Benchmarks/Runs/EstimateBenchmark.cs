using System.Globalization;
using System.Net;
using AspireGateway.Portal.Benchmarks.Metrics;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>
/// Asks the gateway's route preview for every request of a run what it will cost: the same count of tokens, prices, limits and rules as when it is sent. What a judge will read is not known yet;
/// it is taken to be an answer of full length.
/// </summary>
public sealed class EstimateBenchmark(BenchmarkGateway gateway, TimeProvider clock)
{
    private const int AtOnce = 8;

    // A new key reaches every gateway within a second; until then it is unknown there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(200), Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The estimate, or the first reason why the run could not be as planned.</summary>
    /// <param name="secret">The run's key.</param>
    /// <param name="task">What the samples are about.</param>
    /// <param name="models">The models by the names that their plans carry: aliases resolved.</param>
    /// <param name="judge">The judge likewise; null = none.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="maxTokens">Most tokens of an answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<BenchmarkEstimate>> RunAsync(
        string secret, string task, IReadOnlyList<string> models, string? judge, IReadOnlyList<BenchmarkSample> samples, int maxTokens, CancellationToken cancellationToken)
    {
        if (gateway.Address is null) return new Failure.Conflict("This portal does not know where its gateway is. Set services__gateway__http__0 to the gateway's address.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var each = new List<ModelEstimate>();
            foreach (var model in models)
            {
                var one = await OfModelAsync(secret, task, model, "models", samples, s => BenchmarkGateway.Body(model, s.Messages, maxTokens), deadline.Token);
                if (one.Failure is { } failure) return failure;
                each.Add(one.Value);
            }
            if (judge is null) return new BenchmarkEstimate { Models = each };
            // Some four bytes are a token; digits and words of the like are the usual text.
            var answer = string.Concat(Enumerable.Repeat("word ", maxTokens * 4 / 5 + 1));
            var verdict = await OfModelAsync(
                secret, task, judge, "judge", samples, s => BenchmarkGateway.Body(judge, RubricJudge.Messages(s.Messages, answer, s.Rubric!), RubricJudge.MaxTokens), deadline.Token);
            if (verdict.Failure is { } refused) return refused;
            // Each model's answer to a sample is judged by itself.
            var (judged, n) = (verdict.Value, models.Count);
            return new BenchmarkEstimate { Models = each, Judge = judged with { ExpectedNanoUsd = judged.ExpectedNanoUsd * n, WorstNanoUsd = judged.WorstNanoUsd * n } };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Failure.Conflict("The gateway did not estimate the run within two minutes. Plan fewer samples or models, or try again when it is less busy.");
        }
    }

    private async Task<Result<ModelEstimate>> OfModelAsync(
        string secret, string task, string model, string field, IReadOnlyList<BenchmarkSample> samples, Func<BenchmarkSample, string> body, CancellationToken cancellationToken)
    {
        long expected = 0, worst = 0, largest = 0;
        Failure? failure = null;
        var gate = new Lock();
        var begin = clock.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(samples, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token }, async (sample, token) =>
            {
                var (answer, cost) = await gateway.PreviewAsync(secret, task, body(sample), token);
                while (answer.Status == (int)HttpStatusCode.Unauthorized && clock.GetElapsedTime(begin) < Patience)
                {
                    await Task.Delay(Pause, clock, token);
                    (answer, cost) = await gateway.PreviewAsync(secret, task, body(sample), token);
                }
                var fault = FaultOf(model, field, sample, answer, cost);
                lock (gate)
                {
                    failure ??= fault;
                    if (fault is null)
                    {
                        var (likely, most) = (UsdAmount.Parse(cost!.ExpectedCostUsd).NanoUsd!.Value, UsdAmount.Parse(cost.WorstCaseCostUsd).NanoUsd!.Value);
                        (expected, worst, largest) = (expected + likely, worst + most, Math.Max(largest, most));
                    }
                }
                if (fault is not null) await stop.CancelAsync();
            });
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            // The others need not be asked any more.
        }
        return failure is not null ? failure : new ModelEstimate(model, expected, worst, largest);
    }

    private static Failure? FaultOf(string model, string field, BenchmarkSample sample, GatewayAnswer answer, PreviewedCost? cost)
    {
        Failure At(string what) => new Failure.Invalid([new(field, string.Create(CultureInfo.InvariantCulture, $"{model}, line {sample.Line}: {what}"))]);
        if (answer.Status is null) return new Failure.Conflict("The gateway could not be asked what the run would cost. Check that it runs.");
        if (answer.Code is not null) return At(answer.Message ?? "The gateway refused the request.");
        if (cost?.Model != model)
            return At($"{(cost?.RouteReason?.StartsWith("rule:", StringComparison.Ordinal) == true ? $"Rule {cost.RouteReason[5..]}" : "The gateway")} would send it to {cost?.Model}, so that {model} would not be measured. Change the rule to leave the feature benchmark out.");
        if (cost.Candidates.FirstOrDefault(c => c.Kept) is not { PriceUsdPerMillionTokens.ValueKind: System.Text.Json.JsonValueKind.Object })
            return At("It has no price, so that the run's cost would not be known. Set one under Models.");
        if (cost.Approval is { Required: true }) return At("It may cost more than what the team lets through without approval. Lower max_tokens, or choose another team.");
        return UsdAmount.Parse(cost.ExpectedCostUsd).NanoUsd is null || UsdAmount.Parse(cost.WorstCaseCostUsd).NanoUsd is null ? At("The gateway did not say what it costs.") : null;
    }
}
