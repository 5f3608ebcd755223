using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AspireGateway.Portal.ConfigurationFiles.Yaml;

/// <summary>
/// Writes JSON as YAML, always in the same way: two blanks a level, a list's entries under their hyphen, quotes wherever another reader could take a text for something else. A JSON string is a quoted
/// YAML text as it stands.
/// </summary>
internal static partial class YamlText
{
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "on", "off", "y", "n", "null" };

    /// <summary>Writes fields of a map, each in its line.</summary>
    public static void Fields(StringBuilder text, JsonObject map, int indent, bool behindHyphen = false)
    {
        var first = behindHyphen;
        foreach (var (name, value) in map)
        {
            if (!first) text.Append(' ', indent);
            first = false;
            text.Append(Quoted(name)).Append(':');
            Value(text, value, indent);
        }
    }

    /// <summary>Writes a list's entries, each behind a hyphen.</summary>
    public static void Items(StringBuilder text, IEnumerable<JsonNode?> items, int indent)
    {
        foreach (var item in items)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject { Count: > 0 } map)
            {
                text.Append(' ');
                Fields(text, map, indent + 2, behindHyphen: true);
            }
            else
            {
                Value(text, item, indent);
            }
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Fields(text, map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                Items(text, list, indent + 2);
                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            case JsonArray:
                text.Append(" []\n");
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String && scalar.GetValue<string>() is var said && Lines().IsMatch(said):
                text.Append(" |-\n");
                foreach (var line in said.Split('\n'))
                {
                    if (line.Length > 0) text.Append(' ', indent + 2).Append(line);
                    text.Append('\n');
                }
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                text.Append(' ').Append(Quoted(scalar.GetValue<string>())).Append('\n');
                break;
            default:
                text.Append(' ').Append(value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    private static string Quoted(string text) => Plain().IsMatch(text) && !s_words.Contains(text) ? text : Escaped(text);

    private static string Escaped(string said)
    {
        var text = new StringBuilder(said.Length + 2).Append('"');
        foreach (var c in said)
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                < ' ' or (>= '\u007f' and <= '\u00a0') or '\u2028' or '\u2029' or '\ufeff' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        return text.Append('"').ToString();
    }

    // Begins as no number, date or sign of YAML does; a colon stands inside a word only.
    [GeneratedRegex(@"^[A-Za-z_/](:?[A-Za-z0-9_./@+*()-]+)*(,? [A-Za-z0-9_./@+*()-]+(:[A-Za-z0-9_./@+*()-]+)*)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    // Several lines of visible characters that neither begin nor end with a blank: they stand as they are.
    [GeneratedRegex(@"^[!-~\u00a1-\u1fff]([ -~\u00a1-\u1fff]*[!-~\u00a1-\u1fff])?(\n([!-~\u00a1-\u1fff]([ -~\u00a1-\u1fff]*[!-~\u00a1-\u1fff])?)?)*\n[!-~\u00a1-\u1fff]([ -~\u00a1-\u1fff]*[!-~\u00a1-\u1fff])?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Lines();
}
