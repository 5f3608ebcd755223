using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Repricing;

/// <summary>Past requests of a deployment priced anew: which, what would change, and how far the jobs are. Looks again by itself while one runs.</summary>
public sealed partial class RepricingPage
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal) { ["price_version_id"] = "Price", ["from"] = "From", ["to"] = "Until", ["reason"] = "Reason" };

    /// <summary>The deployment.</summary>
    [Parameter] public Guid Id { get; set; }

    /// <summary>Where the list of jobs goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [CascadingParameter] private TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Inject] private RepricingQuery Query { get; set; } = null!;

    [Inject] private DeploymentsQuery Deployments { get; set; } = null!;

    [Inject] private PriceHistoryQuery Versions { get; set; } = null!;

    [Inject] private PreviewRepricing Previewing { get; set; } = null!;

    [Inject] private StartRepricing Start { get; set; } = null!;

    [Inject] private EndRepricing End { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private FormFaults Faults { get; } = new();

    private RepricingPreview? Preview { get; set; }

    private bool Busy { get; set; }

    private Guid? Version { get; set; }

    private DateTime? From { get; set; }

    private DateTime? To { get; set; }

    private string? Reason { get; set; }

    private string ZoneName => $"Times of {Zone.Id}.";

    private RepricingRequest Request => new() { PriceVersionId = Version, From = At(From), To = At(To), Reason = Reason };

    /// <inheritdoc />
    protected override async Task<Result<RepricingPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var jobs = await Query.RunAsync(actor, Id, After, null, cancellationToken);
        if (jobs.Failure is { } refusal) return refusal;
        var deployment = await Deployments.OneAsync(actor, Id, cancellationToken);
        if (deployment.Failure is { } none) return none;
        var versions = await Versions.RunAsync(actor, Id, null, null, cancellationToken);
        return versions.Failure is { } failure ? failure : new RepricingPageData(deployment.Value, versions.Value.Items, jobs.Value);
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        using var timer = new PeriodicTimer(LookAgain, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(PageLeft))
                if (State.Data is { } data && data.Jobs.Items.Any(j => j.Status == RepricingStatuses.Running)) await ReloadAsync();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private List<RepricingChoice> Choices(RepricingPageData data) =>
        [.. data.Versions.Select(v => new RepricingChoice(v.Price.Id, $"{PriceWords.Of(v.Price.Components)} (from {Moment.Exact(v.Price.ValidFrom, Zone)})"))];

    // What was counted for other choices says nothing of these.
    private void Forget() => Preview = null;

    private DateTimeOffset? At(DateTime? local)
    {
        if (local is not { } time) return null;
        var unspecified = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        // A time that the clock skips in spring is the hour after it.
        if (Zone.IsInvalidTime(unspecified)) unspecified = unspecified.AddHours(1);
        return new DateTimeOffset(unspecified, Zone.GetUtcOffset(unspecified));
    }

    private Task PreviewAsync() => RunAsync(actor => Previewing.RunAsync(actor, Request, PageLeft), preview => Preview = preview);

    private async Task StartAsync()
    {
        await RunAsync(actor => Start.RunAsync(actor, Request, PageLeft), _ =>
        {
            Preview = null;
            Notices.Notify(NotificationSeverity.Success, "Re-pricing started", "You may leave this page; it goes on.", 4000);
        });
        await ReloadAsync();
    }

    private async Task CancelAsync(RepricingJob job)
    {
        var sure = await Dialogs.ConfirmAsync(
            "Cancel the re-pricing", $"{Quantity.Exact(job.Corrected)} requests are corrected and stay so; the others keep their price. It can be started again for the rest.", null, "Cancel re-pricing");
        if (!sure) return;
        await RunAsync(actor => End.CancelAsync(actor, job.Id, PageLeft), _ => Notices.Notify(NotificationSeverity.Success, "Re-pricing cancelled", duration: 4000));
        await ReloadAsync();
    }

    private async Task RunAsync<T>(Func<Actor, Task<Result<T>>> command, Action<T> done)
    {
        if (Busy) return;
        Busy = true;
        try
        {
            var result = await Commands.RunAsync(command, PageLeft);
            Faults.Clear();
            if (result.Failure is { } failure) Faults.Take(failure, Labels);
            else done(result.Value);
        }
        finally
        {
            Busy = false;
        }
    }
}
