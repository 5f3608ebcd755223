using System.Globalization;
using System.Text;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Costs;

/// <summary>Costs as CSV: nano-USD and whole counts, so that nothing is lost to rounding.</summary>
internal static class CostCsv
{
    private const string Figures = "requests,errors,refused,succeeded,estimated,retried,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,cost_nano_usd,wasted_nano_usd,cache_hits,saved_nano_usd,saved_us,prefix_saved_nano_usd";

    /// <summary>Header and one line per group, CRLF as in RFC 4180.</summary>
    public static string Write(CostsData data)
    {
        var csv = new StringBuilder($"{data.By},name,{Figures},cost_before_nano_usd\r\n");
        foreach (var row in data.Rest is null ? data.Rows : data.Rows.Append(data.Rest))
            csv.Append(CultureInfo.InvariantCulture, $"{Field(row.Group)},{Field(row.Name)},{Sums(row.Now)},{row.Before.CostNanoUsd}\r\n");
        return csv.ToString();
    }

    /// <summary>A statement: one line per group of each part.</summary>
    public static string Write(StatementData statement)
    {
        var csv = new StringBuilder($"month,team,part,group,name,{Figures}\r\n");
        var month = statement.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        foreach (var part in statement.Parts)
            foreach (var row in part.Rows)
                csv.Append(CultureInfo.InvariantCulture, $"{month},{Field(statement.TeamName)},{part.By},{Field(row.Group)},{Field(row.Name)},{Sums(row.Now)}\r\n");
        csv.Append(CultureInfo.InvariantCulture, $"{month},{Field(statement.TeamName)},total,,,{Sums(statement.Total)}\r\n");
        return csv.ToString();
    }

    private static string Sums(UsageSums s) => string.Create(
        CultureInfo.InvariantCulture,
        $"{s.Requests},{s.Errors},{s.Refused},{s.Succeeded},{s.Estimated},{s.Retried},{s.InputTokens},{s.CacheReadTokens},{s.CacheWriteTokens},{s.OutputTokens},{s.ReasoningTokens},{s.CostNanoUsd},{s.WastedNanoUsd},{s.CacheHits},{s.SavedNanoUsd},{s.SavedUs},{s.PrefixSavedNanoUsd}");

    // Callers choose features, users and tags: what a spreadsheet would take for a formula gets an apostrophe in front.
    private static string Field(string text)
    {
        if (text.Length > 0 && (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
