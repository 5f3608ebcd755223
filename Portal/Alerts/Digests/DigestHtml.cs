using System.Net;
using System.Text;

namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>Renders a digest as a document of its own: every text escaped, colours of the reader's own theme, nothing from outside.</summary>
internal static class DigestHtml
{
    private const string Style = "body{font-family:system-ui,sans-serif;max-width:46rem;margin:1rem auto;padding:0 1rem;line-height:1.5}h1{font-size:1.25rem}h2{font-size:1rem;margin:1.5rem 0 .25rem}"
        + "table{border-collapse:collapse;width:100%}th,td{padding:.25rem .75rem .25rem 0;text-align:right;border-bottom:1px solid #8884}th:first-child,td:first-child{text-align:left}";

    /// <summary>The document.</summary>
    public static string Render(DigestDocument digest)
    {
        var html = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>").Append(Escaped(digest.Title))
            .Append("</title><style>").Append(Style).Append("</style></head><body><h1>").Append(Escaped(digest.Title)).Append("</h1><p>By the calendar of ").Append(Escaped(digest.TimeZone)).Append(".</p>");
        foreach (var section in digest.Sections)
        {
            html.Append("<h2>").Append(Escaped(section.Title)).Append("</h2>");
            if (section.Note is not null) html.Append("<p>").Append(Escaped(section.Note)).Append("</p>");
            if (section.Rows.Count == 0) continue;
            html.Append("<table><thead><tr>");
            foreach (var column in section.Columns) html.Append("<th scope=\"col\">").Append(Escaped(column)).Append("</th>");
            html.Append("</tr></thead><tbody>");
            foreach (var row in section.Rows)
            {
                html.Append("<tr>");
                foreach (var cell in row) html.Append("<td>").Append(Escaped(cell)).Append("</td>");
                html.Append("</tr>");
            }
            html.Append("</tbody></table>");
        }
        return html.Append("</body></html>").ToString();
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
