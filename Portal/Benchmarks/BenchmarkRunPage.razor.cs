using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Benchmarks;

/// <summary>What the page of a run shows.</summary>
/// <param name="Result">The run and its comparison.</param>
/// <param name="Results">A page of its answers; null = the visitor may not see them.</param>
/// <param name="MayChange">Whether the visitor may start, cancel, publish and delete it.</param>
public sealed record BenchmarkRunPageData(BenchmarkRunResult Result, Page<BenchmarkResultRow>? Results, bool MayChange)
{
    /// <summary>The run.</summary>
    public BenchmarkRunDetails Run => Result.Run;
}

/// <summary>A run: its estimate before the start, its progress, the comparison of its models. Looks again by itself while it goes on.</summary>
public sealed partial class BenchmarkRunPage
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>The run.</summary>
    [Parameter] public Guid Id { get; set; }

    /// <summary>Where the list of answers goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private BenchmarkRunsQuery Query { get; set; } = null!;

    [Inject] private CancelBenchmarkRun Cancel { get; set; } = null!;

    [Inject] private DeleteBenchmarkRun Delete { get; set; } = null!;

    [Inject] private PublishBenchmarkRun Publish { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<BenchmarkRunPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var run = await Query.OneAsync(actor, Id, cancellationToken);
        if (run.Failure is { } refusal) return refusal;
        var mayChange = Permissions.Refuse(actor, Permission.ManageModels) is null;
        if (!mayChange) return new BenchmarkRunPageData(run.Value, null, false);
        var results = await Query.ResultsAsync(actor, Id, After, null, cancellationToken);
        return results.Failure is { } failure ? failure : new BenchmarkRunPageData(run.Value, results.Value, true);
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        using var timer = new PeriodicTimer(LookAgain, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(PageLeft))
                if (State.Data is { } data && BenchmarkWords.Moves(data.Run)) await ReloadAsync();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private static string Purpose(BenchmarkRunDetails run) =>
        $"{run.SampleCount} samples of the task {RuleWords.Label(run.Task).ToLowerInvariant()}, asked of {string.Join(", ", run.Models)}; {Judged(run)}.";

    private static string Judged(BenchmarkRunDetails run) => run.Metric switch
    {
        BenchmarkMetrics.Exact => "judged by exact match",
        BenchmarkMetrics.JsonSchema => "judged by JSON schema",
        _ => $"judged by {run.Judge} with a rubric",
    };

    private Task StartedAsync()
    {
        Notices.Notify(NotificationSeverity.Success, "Run started", "You may leave this page; it goes on.", 4000);
        return ReloadAsync();
    }

    private async Task CancelAsync()
    {
        if (State.Data is not { Run: var run }) return;
        var isDraft = run.Status == BenchmarkStatuses.Draft;
        var sure = await Dialogs.ConfirmAsync(
            isDraft ? "Discard the plan" : "Cancel the run",
            isDraft ? "Nothing was sent. Its key is revoked; to run it later, plan it again." : $"{run.Done} of {run.Total} answers are there and stay; the others are not asked for. It cannot be taken up again.", null,
            isDraft ? "Discard" : "Cancel run");
        if (sure) await RunAsync(actor => Cancel.RunAsync(actor, Id, PageLeft), isDraft ? "Plan discarded" : "Run cancelled");
    }

    private async Task DeleteAsync()
    {
        if (State.Data is not { Run: var run }) return;
        if (!await Dialogs.ConfirmAsync("Delete the run", $"Its {run.Done} results go. What was published as quality stays.", null, "Delete run")) return;
        if (await RunAsync(actor => Delete.RunAsync(actor, Id, PageLeft), "Run deleted")) Navigation.NavigateTo("benchmarks");
    }

    private async Task PublishAsync()
    {
        if (State.Data is not { Run: var run, Result: var result }) return;
        var sure = await Dialogs.ConfirmAsync(
            "Publish as quality",
            $"A new version of the table of quality says how well these models do {RuleWords.Label(run.Task).ToLowerInvariant()}: {string.Join("; ", result.Scores.Where(s => s.Count > 0).Select(s => $"{s.Model} {BenchmarkWords.Score(s.Mean)} of {s.Count}"))}. "
            + "Each answer counts for the provider's model that gave it. Strategies that go by quality follow within a second; an older version can be put back under Quality.",
            null, "Publish");
        if (sure) await RunAsync(actor => Publish.RunAsync(actor, Id, PageLeft), "Published as quality");
    }

    private async Task<bool> RunAsync<T>(Func<Actor, Task<Result<T>>> command, string done)
    {
        var result = await Commands.RunAsync(command, PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, done, duration: 4000);
        // What was deleted cannot be looked at again.
        if (result.Failure is not null || typeof(T) != typeof(Done)) await ReloadAsync();
        return result.Succeeded;
    }
}
