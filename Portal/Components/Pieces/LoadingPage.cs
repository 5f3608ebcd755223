using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;

namespace AspireGateway.Portal.Components.Pieces;

/// <summary>
/// A page that shows what one query returned for its address. It loads once the page is interactive and again whenever its address changes;
/// a load that is overtaken is cancelled. The first render on the server draws the skeleton at once instead of waiting for the database.
/// </summary>
/// <typeparam name="T">What the query returns.</typeparam>
public abstract partial class LoadingPage<T> : ComponentBase, IDisposable where T : class
{
    private static readonly TimeSpan LoadDeadline = TimeSpan.FromSeconds(15);

    // Changes that come closer together are shown together.
    private static readonly TimeSpan LiveGap = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource gone = new();
    private readonly CancellationToken left;
    private CancellationTokenSource? current;
    private string? loadedUri;

    /// <summary>Begins with nothing loaded.</summary>
    protected LoadingPage() => left = gone.Token;

    /// <summary>The page's address.</summary>
    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>Who looks; ask it anew in every event handler.</summary>
    [Inject] protected CurrentActor Viewer { get; set; } = null!;

    /// <summary>What the page follows: it asks its query again when some of it changed.</summary>
    protected virtual LiveSubjects Follows => LiveSubjects.None;

    [Inject] private ILoggerFactory Loggers { get; set; } = null!;

    [Inject] private LiveSignals Signals { get; set; } = null!;

    [Inject] private TimeProvider LiveClock { get; set; } = null!;

    /// <summary>What there is to show.</summary>
    protected Loaded<T> State { get; private set; } = new();

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken PageLeft => left;

    /// <summary>Runs the query for the page's present parameters.</summary>
    protected abstract Task<Result<T>> LoadAsync(Actor actor, CancellationToken cancellationToken);

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() =>
        !RendererInfo.IsInteractive || string.Equals(loadedUri, Navigation.Uri, StringComparison.Ordinal) ? Task.CompletedTask : ReloadAsync();

    /// <summary>Loads again. What is on the page stays until the new data is here; after a failure the skeleton returns first.</summary>
    protected async Task ReloadAsync()
    {
        loadedUri = Navigation.Uri;
        if (State.Fault is not null) State = new();
        if (current is not null) await current.CancelAsync();
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(left);
        current = mine;
        mine.CancelAfter(LoadDeadline);
        try
        {
            var actor = await Viewer.GetAsync(cancellationToken: mine.Token);
            var result = actor.Failure is { } unknown ? unknown : await LoadAsync(actor.Value, mine.Token);
            if (current == mine) State = result.Failure is { } failure ? new(null, failure.Message) : new(result.Value);
        }
        catch (OperationCanceledException) when (current != mine || left.IsCancellationRequested)
        {
            return; // Overtaken by a newer load, or nobody is looking any more.
        }
        // The edge between data and people: a store that is away becomes a sentence here, and the rest of the portal lives on.
        catch (Exception fault) when (fault.IsStoreAway())
        {
            Log.LoadFailed(Loggers.CreateLogger(GetType()), GetType().Name, fault);
            if (current == mine)
                State = new(null, "The portal's database did not answer. Gateways go on serving with the configuration they have; try again in a moment.");
        }
        finally
        {
            if (current == mine) current = null;
        }
        StateHasChanged();
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && Follows != LiveSubjects.None) _ = FollowAsync();
    }

    // Runs beside the page for as long as somebody looks; what fails in it is the page's failure.
    private async Task FollowAsync()
    {
        using var subscription = Signals.Follow(Follows);
        try
        {
            while (await subscription.NextAsync(left))
            {
                await InvokeAsync(ReloadAsync);
                await Task.Delay(LiveGap, LiveClock, left);
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels what is still running for the page.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        gone.Cancel();
        gone.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Page} could not load its data.")]
        public static partial void LoadFailed(ILogger logger, string page, Exception failure);
    }
}
