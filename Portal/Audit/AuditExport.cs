using System.Text;
using System.Text.Json;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Audit;

/// <summary>Writes the changes that a filter finds as a file, row by row as they are read. For those who may export the audit.</summary>
public sealed class AuditExport(AuditQuery query)
{
    /// <summary>Most rows of one file; the header <c>Link</c> leads to the rest.</summary>
    public const int MaxRows = 100_000;

    /// <summary>Comma-separated values, RFC 4180.</summary>
    public const string Csv = "csv";

    /// <summary>One JSON object a line.</summary>
    public const string JsonLines = "jsonl";

    private const int FlushEvery = 200;

    private static readonly byte[] s_head = "at_utc,actor,action,target_kind,target_id,target_name,revision,remote_address,undoes,undone_by,before,after,seq,hash\r\n"u8.ToArray();
    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    /// <summary>Answers with the file, or with why not.</summary>
    public async Task<Failure?> WriteAsync(HttpContext http, Actor actor, AuditFilter filter, string? format, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var form = checks.Choice("format", format, [Csv, JsonLines], Csv);
        if (checks.Failure is { } faults) return faults;
        var end = await query.EndAsync(actor, filter, MaxRows, cancellationToken);
        if (end.Failure is { } refusal) return refusal;

        var answer = http.Response;
        answer.ContentType = form == Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        answer.Headers.ContentDisposition = $"attachment; filename=audit.{form}";
        answer.Headers.CacheControl = "no-store";
        if (end.Value.Next is { } next) answer.Headers.Link = $"<{http.Request.Path}{Query(http, next)}>; rel=\"next\"";
        if (form == Csv) await answer.Body.WriteAsync(s_head, cancellationToken);
        var written = 0;
        await foreach (var row in query.StreamAsync(actor, filter, MaxRows, cancellationToken))
        {
            if (form == Csv) await answer.Body.WriteAsync(Encoding.UTF8.GetBytes(Line(row)), cancellationToken);
            else
            {
                await JsonSerializer.SerializeAsync(answer.Body, row, ApiJson.Default.AuditRow, cancellationToken);
                await answer.Body.WriteAsync(s_newLine, cancellationToken);
            }
            if (++written % FlushEvery == 0) await answer.Body.FlushAsync(cancellationToken);
        }
        return null;
    }

    /// <summary>A row as a line of CSV.</summary>
    public static string Line(AuditRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        string?[] cells =
        [
            row.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture), row.Actor, row.Action, row.TargetKind, row.TargetId.ToString(),
            row.TargetName, row.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), row.RemoteAddress, row.Undoes?.ToString(), row.UndoneBy?.ToString(),
            row.Before?.GetRawText(), row.After?.GetRawText(), row.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Hash,
        ];
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    // Names are people's: one that a spreadsheet would run as a formula is made a text.
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var text = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + value : value;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Query(HttpContext http, string next) => QueryString.Create(
        [.. http.Request.Query.Where(q => q.Key != "after").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v))), KeyValuePair.Create<string, string?>("after", next)]).ToString();
}
