using System.Globalization;
using System.Text;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Quality;

/// <summary>
/// Reads figures of quality from a CSV file (RFC 4180; UTF-8): a line of names, in any order, then a line a cell. The names are <c>task, provider, model, mean, samples</c>, and
/// where wanted <c>lower, upper, date</c>.
/// </summary>
public static class QualityFile
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly string[] Required = ["task", "provider", "model", "mean", "samples"], Known = [.. Required, "lower", "upper", "date"];

    /// <summary>The cells, and the line on which each stands; or every fault.</summary>
    public static async Task<Result<(List<QualityCellRequest> Cells, List<int> Lines)>> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes) return Fault("file", $"The file is larger than {MaxBytes / 1024} KiB.");
        }
        try
        {
            return Read(new UTF8Encoding(false, true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            return Fault("file", "The file is not UTF-8. Save it as CSV UTF-8.");
        }
    }

    /// <summary>The same of a text.</summary>
    public static Result<(List<QualityCellRequest> Cells, List<int> Lines)> Read(string text)
    {
        var rows = Rows(text);
        if (rows.Count == 0) return Fault("file", $"The file is empty. Its first line names the columns: {string.Join(',', Known)}.");
        var names = rows[0].Fields.ConvertAll(f => f.Trim().ToLowerInvariant());
        var missing = Required.Except(names).ToArray();
        if (missing.Length > 0) return Fault("line 1", $"line 1: the columns {string.Join(", ", missing)} are missing. The first line names the columns: {string.Join(',', Known)}.");
        if (names.Find(n => !Known.Contains(n, StringComparer.Ordinal)) is { } unknown) return Fault("line 1", $"line 1: there is no column '{unknown}'. The columns are {string.Join(',', Known)}.");
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) return Fault("line 1", "line 1: a column stands twice.");

        var checks = new FieldChecks();
        var (cells, lines) = (new List<QualityCellRequest>(), new List<int>());
        foreach (var (line, fields) in rows.Skip(1))
        {
            if (fields.Count != names.Count)
            {
                checks.Add($"line {line}", $"line {line}: it has {fields.Count} fields, the first line has {names.Count}.");
                continue;
            }
            string? Text(string name) => names.IndexOf(name) is >= 0 and var at && fields[at].Trim() is { Length: > 0 } value ? value : null;
            double? Number(string name) => Parsed(Text(name), name, line, checks, t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : (double?)null);
            cells.Add(new()
            {
                Task = Text("task"), Provider = Text("provider"), Model = Text("model"), Mean = Number("mean"), Lower = Number("lower"), Upper = Number("upper"),
                Samples = Parsed(Text("samples"), "samples", line, checks, t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : (int?)null),
                Date = Parsed(Text("date"), "date", line, checks, t => DateOnly.TryParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? d : (DateOnly?)null),
            });
            lines.Add(line);
        }
        return checks.Failure is { } faults ? faults : (cells, lines);
    }

    private static T? Parsed<T>(string? text, string name, int line, FieldChecks checks, Func<string, T?> parse) where T : struct
    {
        if (text is null) return null;
        var value = parse(text);
        if (value is null) checks.Add($"line {line}.{name}", $"line {line}: {name} is {(name == "date" ? "a day such as 2026-11-29" : "a number such as " + (name == "samples" ? "200" : "0.91"))}.");
        return value;
    }

    // Quoted fields may hold commas, line ends and doubled quotes; blank lines are passed over.
    private static List<(int Line, List<string> Fields)> Rows(string text)
    {
        var rows = new List<(int, List<string>)>();
        var (line, start) = (1, 1);
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
            if (fields.Count > 1 || fields[0].Trim().Length > 0) rows.Add((start, fields));
            fields = [];
        }
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n') line++;
            if (isQuoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else isQuoted = false;
            }
            else if (c == '"') isQuoted = true;
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                End();
                start = line;
            }
            else if (c != '\r') field.Append(c);
        }
        if (field.Length > 0 || fields.Count > 0) End();
        return rows;
    }

    private static Failure.Invalid Fault(string field, string message) => new Failure.Invalid([new(field, message)]);
}
