using System.Text;
using AspireGateway.Portal.Configuration;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.UsageExports;

/// <summary>
/// The lines of a file: records of its time, and those of before that came or were corrected since the last file, flagged as late. Which ones is fixed by transactions when the file is begun, so
/// that writing it again after a kill tells the same; what is corrected meanwhile comes with the next file.
/// </summary>
internal static class ExportRows
{
    private const string Line = "\r\n";

    // As in docs of the request log, with the record's id and what is late.
    private const string Columns = """
        u.id, u.at as timestamp, u.request_id, u.organisation_id, u.team_id, u.user_id, u.key_id, u.feature, u.agent, u.route, u.task, u.model, u.provider, u.deployment, u.served_model, u.fallback_chain, u.input_tokens,
        u.cache_read_tokens, u.cache_write_tokens, u.output_tokens, u.reasoning_tokens, round(u.latency_us / 1000.0, 3) as latency_ms, round(u.ttft_us / 1000.0, 3) as ttft_ms, round(u.overhead_us / 1000.0, 3) as overhead_ms,
        u.status, u.status_code, u.error, round(u.cost_nano_usd / 1000000000.0, 9) as cost_usd, u.estimated, u.cache_hit, u.guardrails_triggered, u.feedback, u.at < @from as late
        """;

    private const string From = """
        from usage_records u
        where u.organisation_id = @organisation and u.tx < @until and (u.at >= @from and u.at < @to or u.at < @from and u.tx >= @since)
        order by u.at, u.id
        """;

    /// <summary>Writes the lines.</summary>
    /// <returns>How many, and how many of them are late.</returns>
    public static async Task<(long Records, long Late)> WriteAsync(NpgsqlDataSource database, DueRun run, Stream file, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(file, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
        var isCsv = run.Format == ExportFormats.Csv;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(isCsv ? $"select {Columns} {From}" : $"select (u.at < @from) as late, (select to_json(l) from (select {Columns}) l)::text {From}", connection)
        {
            CommandTimeout = 3600,
            // Each value as Postgres writes it: the file is text.
            AllResultTypesAreUnknown = isCsv,
        };
        command.Parameters.AddRange((NpgsqlParameter[])
        [
            Sql.Id("organisation", run.Organisation), Sql.Time("from", run.From), Sql.Time("to", run.To), new("since", NpgsqlDbType.Xid8) { Value = run.Since }, new("until", NpgsqlDbType.Xid8) { Value = run.Until },
        ]);
        var (records, late) = (0L, 0L);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (isCsv) await writer.WriteAsync(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)) + Line);
        while (await reader.ReadAsync(cancellationToken))
        {
            records++;
            if (isCsv)
            {
                for (var i = 0; i < reader.FieldCount; i++) await writer.WriteAsync((i == 0 ? "" : ",") + (reader.IsDBNull(i) ? "" : Field(reader.GetString(i))));
                await writer.WriteAsync(Line);
                if (reader.GetString(reader.FieldCount - 1) == "t") late++;
            }
            else
            {
                await writer.WriteAsync(reader.GetString(1) + "\n");
                if (reader.GetBoolean(0)) late++;
            }
        }
        await writer.FlushAsync(cancellationToken);
        return (records, late);
    }

    // Callers choose features, users and ids: what a spreadsheet would take for a formula gets an apostrophe in front.
    private static string Field(string text)
    {
        if (text.Length > 0 && (text[0] is '=' or '+' or '@' or '\t' or '\r' || (text[0] == '-' && !double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _)))) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
