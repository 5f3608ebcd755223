using System.Text;
using System.Text.Json.Serialization;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Keeps what Postgres refused as JSON files in <c>rejected/</c>, where a person can look at it and enter it by hand.</summary>
internal sealed partial class RejectedRecords(string folder, ILogger logger)
{
    private long count;

    /// <summary>Records that did not get into Postgres.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Writes a record's file.</summary>
    /// <param name="payload">The entry's payload.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <param name="isShipped">True when the record itself got in and only its tags and journey did not.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public async Task SetAsideAsync(byte[] payload, PostgresException fault, bool isShipped, CancellationToken cancellationToken)
    {
        var record = RecordReader.Decode(JournalEntry.RecordOf(payload));
        var document = new RejectedRecord(record, Encoding.UTF8.GetString(JournalEntry.JourneyOf(payload)), fault.SqlState, fault.MessageText, isShipped);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{record.Id:N}.json");
        await File.WriteAllBytesAsync(path, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(document, JournalJson.Default.RejectedRecord), cancellationToken);
        if (isShipped)
        {
            Log.LeftOut(logger, record.Id, fault.SqlState, path);
            return;
        }
        Interlocked.Increment(ref count);
        Log.Refused(logger, record.Id, fault.SqlState, path);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Postgres refuses usage record {Id} for its data (SQLSTATE {SqlState}). It is kept in {Path}; the others were recorded.")]
        public static partial void Refused(ILogger logger, Guid id, string sqlState, string path);

        [LoggerMessage(2, LogLevel.Warning, "Postgres refuses the tags or the journey of usage record {Id} (SQLSTATE {SqlState}). The record is in; what was left out is kept in {Path}.")]
        public static partial void LeftOut(ILogger logger, Guid id, string sqlState, string path);
    }
}

/// <summary>The file of a refused record.</summary>
/// <param name="Record">The record.</param>
/// <param name="Journey">Its journey, as it was.</param>
/// <param name="SqlState">Postgres's code.</param>
/// <param name="Message">Postgres's message, without the row.</param>
/// <param name="IsShipped">True when the record is in and only tags and journey are not.</param>
internal sealed record RejectedRecord(UsageRecord Record, string Journey, string SqlState, string Message, bool IsShipped);

/// <summary>JSON of the journal's own files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RejectedRecord))]
internal sealed partial class JournalJson : JsonSerializerContext;
