using System.Threading.Channels;

namespace AspireGateway.Gateway.State;

/// <summary>Keeps the last-good copy on disk up to date: at once after a change, then at most every few seconds, and at the end.</summary>
internal sealed partial class SnapshotKeeper(SnapshotFile? file, SnapshotHolder holder, TimeProvider clock, ILogger<SnapshotKeeper> logger) : BackgroundService
{
    /// <summary>Least time between two writes; longer when a write itself takes long.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private const int PauseToWriting = 20;

    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock writing = new();
    private ConfigurationSnapshot? written;
    private bool failed;

    /// <summary>Says that the snapshot was swapped. Returns at once.</summary>
    public void Changed() => changed.Writer.TryWrite(true);

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.Run(Write, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (file is null)
        {
            Log.NoFolder(logger);
            return;
        }
        try
        {
            while (await changed.Reader.WaitToReadAsync(stoppingToken))
            {
                changed.Reader.TryRead(out _);
                var started = clock.GetTimestamp();
                await Task.Run(Write, stoppingToken);
                var took = clock.GetElapsedTime(started);
                await Task.Delay(took * PauseToWriting > Pause ? took * PauseToWriting : Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends; StopAsync writes what is left.
        }
    }

    private void Write()
    {
        lock (writing)
        {
            if (file is null || holder.Current is not { FromDisk: false } current || current == written) return;
            try
            {
                file.Write(current);
                written = current;
                if (failed) Log.WritingAgain(logger, current.Revision);
                failed = false;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                if (!failed) Log.CannotWrite(logger, fault.Message);
                failed = true;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Gateway__DataPath is not set: no last-good configuration is kept, so a start without Postgres cannot serve")]
        public static partial void NoFolder(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "The last-good configuration cannot be written: {Problem}. Give the gateway a folder of its own in Gateway__DataPath")]
        public static partial void CannotWrite(ILogger logger, string problem);

        [LoggerMessage(3, LogLevel.Information, "The last-good configuration is written again, at revision {Revision}")]
        public static partial void WritingAgain(ILogger logger, long revision);
    }
}
