using System.Buffers;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>Writes the lines, many at once where many wait. A disk that refuses is told once, and once that it takes lines again; what could not be written meanwhile is counted.</summary>
internal sealed partial class RequestLogWriter(RequestLog log, GatewayMetrics metrics, IOptions<RequestLogOptions> options, TimeProvider time, ILogger<RequestLogWriter> logger) : IHostedService
{
    private const int BatchBytes = 64 * 1024;

    // A thread woken and a write for each request would cost more than its line; the queue holds ten times what a busy gateway brings in this time.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private Task writing = Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        writing = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>What has come so far is still written, as long as the host waits.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        log.Complete();
        return writing.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        if (log.Records is not { } records) return;
        using var file = new LogFile(options.Value);
        using var line = new RequestLogLine();
        var batch = new ArrayBufferWriter<byte>(BatchBytes);
        var isRefused = false;
        while (await records.WaitToReadAsync(CancellationToken.None))
        {
            if (!log.IsComplete && records.Count < RequestLog.Capacity / 2) await Task.Delay(Gathering, time, CancellationToken.None);
            // Those that are there by now; who comes meanwhile waits for the next time.
            for (var due = records.Count; due > 0;)
            {
                var count = 0;
                while (due > 0 && batch.WrittenCount < BatchBytes && records.TryRead(out var record))
                {
                    line.Write(record, batch);
                    count++;
                    due--;
                }
                if (count == 0) break;
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
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The request log cannot be written; its lines are lost until it can, the usage records are not")]
        public static partial void IsRefused(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Information, "The request log is written again")]
        public static partial void IsBack(ILogger logger);
    }
}
