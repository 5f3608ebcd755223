using System.Buffers;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>Writes the lines, many at once where many wait. A disk that refuses is told once, and once that it takes lines again; what could not be written meanwhile is counted.</summary>
internal sealed partial class RequestLogWriter(RequestLog log, GatewayMetrics metrics, IOptions<RequestLogOptions> options, ILogger<RequestLogWriter> logger) : BackgroundService
{
    private const int BatchBytes = 64 * 1024;

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // What has come so far is still written.
        log.Complete();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (log.Records is not { } records) return;
        await Task.Yield();
        using var file = new LogFile(options.Value);
        using var line = new RequestLogLine();
        var batch = new ArrayBufferWriter<byte>(BatchBytes);
        var isRefused = false;
        while (await records.WaitToReadAsync(CancellationToken.None))
        {
            var count = 0;
            while (batch.WrittenCount < BatchBytes && records.TryRead(out var record))
            {
                line.Write(record, batch);
                count++;
            }
            try
            {
                file.Append(batch.WrittenSpan);
                if (isRefused) Log.IsBack(logger);
                isRefused = false;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                metrics.LogLinesFailed.Add(count);
                file.Close();
                if (!isRefused) Log.IsRefused(logger, fault);
                isRefused = true;
            }
            batch.ResetWrittenCount();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The request log cannot be written; its lines are lost until it can, the usage records are not")]
        public static partial void IsRefused(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Information, "The request log is written again")]
        public static partial void IsBack(ILogger logger);
    }
}
