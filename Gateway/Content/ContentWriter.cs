using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Content;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Gateway.Content;

/// <summary>Takes texts out of the queue, makes rows of them and writes them in batches, off every request's way. While Postgres is away it tries the same batch again and again; what no longer finds room meanwhile is lost and counted.</summary>
internal sealed partial class ContentWriter(ContentQueue queue, ContentStore store, ContentMetrics metrics, IOptions<ContentOptions> options, TimeProvider time, ILogger<ContentWriter> logger) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(stoppingToken)) await WriteBatchAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // One try for what is left: a process that stops does not wait for a database.
            while (queue.Count > 0 && await WriteBatchAsync(stoppingToken)) continue;
        }
    }

    /// <summary>Writes what waits, at most a batch.</summary>
    /// <returns>Whether it is written.</returns>
    internal async Task<bool> WriteBatchAsync(CancellationToken stoppingToken)
    {
        var captures = new List<ContentCapture>();
        while (captures.Count < options.Value.BatchRows && queue.Reader.TryRead(out var capture)) captures.Add(capture);
        var rows = new List<PlainRow>(captures.Count);
        try
        {
            foreach (var capture in captures)
                if (RowOf(capture) is { } row) rows.Add(row);
            return rows.Count == 0 || await WriteAsync(rows, stoppingToken);
        }
        finally
        {
            foreach (var row in rows) CryptographicOperations.ZeroMemory(row.Plain);
            foreach (var capture in captures) capture.Dispose();
        }
    }

    private async Task<bool> WriteAsync(List<PlainRow> rows, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                var erased = await store.WriteAsync(rows, stoppingToken.IsCancellationRequested ? CancellationToken.None : stoppingToken);
                metrics.Kept.Add(rows.Count - erased);
                metrics.Erased.Add(erased);
                if (queue.IsAway) Log.IsBack(logger);
                queue.IsAway = false;
                return true;
            }
            catch (Exception fault) when (IsHopeless(fault))
            {
                // An organisation that is gone, or a key that does not open; the others of the batch are tried by themselves.
                if (rows.Count > 1)
                {
                    foreach (var row in rows) await WriteAsync([row], stoppingToken);
                    return true;
                }
                metrics.Failed.Add(1);
                Log.Refused(logger, StoreErrors.KindOf(fault));
                return true;
            }
            catch (Exception fault)
            {
                if (!queue.IsAway) Log.IsAway(logger, StoreErrors.KindOf(fault));
                queue.IsAway = true;
                if (stoppingToken.IsCancellationRequested)
                {
                    metrics.Failed.Add(rows.Count);
                    return false;
                }
            }
            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.RetryMs), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsHopeless(Exception fault) => fault is CryptographicException or PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation };

    private PlainRow? RowOf(ContentCapture capture)
    {
        ContentTexts texts;
        bool isTruncated;
        try
        {
            texts = ContentAssembly.Of(capture, out isTruncated);
        }
        catch (Exception fault)
        {
            // Bytes that nobody thought of are one text less, and no reason to keep no other. The fault's message may hold some of them.
            metrics.Failed.Add(1);
            Log.Refused(logger, fault.GetType().Name);
            return null;
        }
        return texts is { Prompt: null, Reply: null } ? null
            : new(capture, JsonSerializer.SerializeToUtf8Bytes(texts, ContentJson.Default.ContentTexts), texts.Prompt is not null, texts.Reply is not null, isTruncated);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Texts cannot be kept ({Fault}); they wait in memory, and what finds no room is lost and counted, or refused where a policy requires it")]
        public static partial void IsAway(ILogger logger, string fault);

        [LoggerMessage(2, LogLevel.Information, "Texts are kept again")]
        public static partial void IsBack(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "A text could not be kept ({Fault}) and is lost")]
        public static partial void Refused(ILogger logger, string fault);
    }
}
