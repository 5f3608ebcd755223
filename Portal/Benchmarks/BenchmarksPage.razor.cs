using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Benchmarks;

/// <summary>What the benchmarks page shows.</summary>
/// <param name="Runs">A page of runs.</param>
/// <param name="Sets">All sample sets.</param>
/// <param name="Choices">What dialogs offer.</param>
/// <param name="MayChange">Whether the visitor may add, run and delete.</param>
public sealed record BenchmarksPageData(Page<BenchmarkRunDetails> Runs, IReadOnlyList<BenchmarkSetDetails> Sets, BenchmarkChoices Choices, bool MayChange);

/// <summary>Lists runs and sample sets; adds sets and plans runs. Looks again by itself while one runs.</summary>
public sealed partial class BenchmarksPage
{
    private const string Example = """
        {"prompt": "The country code of France?", "expected": ["FR", "FRA"]}
        {"prompt": "A point as JSON.", "schema": {"type": "object", "required": ["x"]}}
        {"prompt": "Why is the sky blue?", "rubric": "Names scattering."}
        """;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    /// <summary><c>sets</c> = sample sets instead of runs.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    [Inject] private BenchmarkRunsQuery Runs { get; set; } = null!;

    [Inject] private BenchmarkSetsQuery Sets { get; set; } = null!;

    [Inject] private BenchmarkChoicesQuery Choices { get; set; } = null!;

    [Inject] private DeleteBenchmarkSet DeleteSet { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private bool ShowsSets => View == "sets";

    /// <inheritdoc />
    protected override async Task<Result<BenchmarksPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var runs = await Runs.RunAsync(actor, ShowsSets ? null : After, null, cancellationToken);
        if (runs.Failure is { } refusal) return refusal;
        var sets = await Sets.RunAsync(actor, cancellationToken);
        if (sets.Failure is { } failure) return failure;
        var choices = await Choices.RunAsync(actor, cancellationToken);
        return choices.Failure is { } missing ? missing : new BenchmarksPageData(runs.Value, sets.Value.Items, choices.Value, Permissions.Refuse(actor, Permission.ManageModels) is null);
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        using var timer = new PeriodicTimer(LookAgain, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(PageLeft))
                if (State.Data is { } data && !ShowsSets && data.Runs.Items.Any(BenchmarkWords.Moves)) await ReloadAsync();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task AddSetAsync()
    {
        if (State.Data is not { } data) return;
        if (await Dialogs.OpenFormAsync<SampleSetDialog>("Add samples", new(StringComparer.Ordinal) { [nameof(SampleSetDialog.Tasks)] = data.Choices.Tasks }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Samples added", duration: 4000);
        if (ShowsSets) await ReloadAsync();
        else Navigation.NavigateTo("benchmarks?view=sets");
    }

    private async Task PlanAsync()
    {
        if (State.Data is not { } data) return;
        var planned = await Dialogs.OpenFormAsync<PlanRunDialog>(
            "Plan a run", new(StringComparer.Ordinal) { [nameof(PlanRunDialog.Sets)] = data.Sets, [nameof(PlanRunDialog.Choices)] = data.Choices });
        if (planned is Guid id) Navigation.NavigateTo($"benchmarks/{id}");
    }

    private async Task DeleteSetAsync(BenchmarkSetDetails set)
    {
        var sure = await Dialogs.ConfirmAsync(
            $"Delete {set.Name}", $"Its {set.SampleCount} samples go, and with them every run of them and its results. What was published as quality stays. It cannot be undone.", set.Name, "Delete samples");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => DeleteSet.RunAsync(actor, set.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was deleted", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, $"{set.Name} deleted", duration: 4000);
        await ReloadAsync();
    }
}
