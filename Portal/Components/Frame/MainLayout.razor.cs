using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Organisations;
using Microsoft.AspNetCore.Components.Web;

namespace AspireGateway.Portal.Components.Frame;

/// <summary>The frame around every page.</summary>
public sealed partial class MainLayout
{
    private readonly CancellationTokenSource gone = new();
    private ErrorBoundary? boundary;
    private House? house;
    private IReadOnlyList<OrganisationDetails> others = [];
    private int waiting;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive) return;
        var left = gone.Token;
        try
        {
            var actor = await Viewer.GetAsync(cancellationToken: left);
            if (!actor.Succeeded) return;
            var found = await Query.RunAsync(actor.Value, left);
            if (found.Succeeded) house = found.Value;
            var all = await Organisations.RunAsync(actor.Value, null, PageSize.Max, left);
            if (all.Succeeded) others = all.Value.Items;
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The visitor has gone.
        }
        // The page itself says that the database is away; the frame then stands without a name and writes times in UTC.
        catch (Exception fault) when (fault.IsStoreAway())
        {
            Log.NoHouse(Logger, fault);
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        boundary?.Recover();
        // Each page that is opened counts anew.
        if (house is null) return;
        var left = gone.Token;
        try
        {
            var actor = await Viewer.GetAsync(cancellationToken: left);
            if (actor.Succeeded) waiting = await Approvals.WaitingAsync(actor.Value, left);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The visitor has gone.
        }
        catch (Exception fault) when (fault.IsStoreAway())
        {
            // The page says it; a badge that is a little old does no harm.
            Log.NoHouse(Logger, fault);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The organisation of the portal's frame could not be read.")]
        public static partial void NoHouse(ILogger logger, Exception fault);
    }
}
