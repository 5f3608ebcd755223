using AspireGateway.Portal.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AspireGateway.Portal.ConfigurationFiles.Yaml;

/// <summary>
/// Reads the plain part of YAML: maps, lists and values. What can make a small file large or strange (anchors, aliases, tags, merge keys, several documents) is refused, and so are names that stand
/// twice and whatever goes beyond the bounds, each as soon as it is met.
/// </summary>
internal static class YamlReader
{
    /// <summary>Longest file, in bytes of UTF-8.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Most maps and lists inside one another.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most values of a file.</summary>
    public const int MaxNodes = 400_000;

    /// <summary>The file's value, or why it is none.</summary>
    public static Result<YamlNode> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxBytes) return Refused($"The file is larger than {MaxBytes / 1024 / 1024} MB.");
        using var reader = new StringReader(text.TrimStart('\ufeff'));
        var walk = new Walk(new Parser(new Scanner(reader)));
        try
        {
            return walk.Document();
        }
        catch (YamlException e)
        {
            return Refused($"line {e.Start.Line}, column {e.Start.Column}: this is not YAML. {Sentence(e.Message)}");
        }
        catch (Refusal e)
        {
            return Refused(e.Message);
        }
    }

    private static Failure.Invalid Refused(string why) => new([new("file", why)]);

    // The library begins with the place, which was said already.
    private static string Sentence(string message)
    {
        var behind = message.IndexOf("): ", StringComparison.Ordinal);
        var text = behind < 0 ? message : message[(behind + 3)..];
        return text.Length > 200 ? text[..200] : text;
    }

    private sealed class Walk(IParser parser)
    {
        private int nodes;

        public YamlNode Document()
        {
            while (parser.MoveNext() && parser.Current is StreamStart or DocumentStart)
            {
            }
            if (parser.Current is null or StreamEnd) throw new Refusal("The file is empty.");
            var value = Value(0);
            while (parser.MoveNext())
                if (parser.Current is DocumentStart next) throw new Refusal($"line {next.Start.Line}: a second document begins. One file holds one configuration.");
            return value;
        }

        private YamlNode Value(int depth)
        {
            var begin = parser.Current!;
            var (line, column) = (begin.Start.Line, begin.Start.Column);
            if (++nodes > MaxNodes) throw new Refusal($"line {line}: the file holds more than {MaxNodes} values.");
            if (begin is AnchorAlias) throw new Refusal($"line {line}, column {column}: aliases are not read here. Write the value out.");
            if (begin is not NodeEvent node) throw new Refusal($"line {line}, column {column}: a value is missing.");
            if (!node.Anchor.IsEmpty) throw new Refusal($"line {line}, column {column}: anchors are not read here. Write the value out where it is needed.");
            // A quoted scalar has the tag "!" of its own.
            if (!node.Tag.IsEmpty && !(node is Scalar && node.Tag.IsNonSpecific)) throw new Refusal($"line {line}, column {column}: tags are not read here. Leave {node.Tag.Value} out.");
            if (depth >= MaxDepth && node is not Scalar) throw new Refusal($"line {line}, column {column}: lists and maps lie more than {MaxDepth} deep.");
            return node switch
            {
                Scalar scalar => new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line, column),
                SequenceStart => new YamlList(Items(depth), line, column),
                _ => new YamlMap(Fields(depth), line, column),
            };
        }

        private List<YamlNode> Items(int depth)
        {
            var items = new List<YamlNode>();
            while (parser.MoveNext() && parser.Current is not SequenceEnd) items.Add(Value(depth + 1));
            return items;
        }

        private List<YamlField> Fields(int depth)
        {
            var fields = new List<YamlField>();
            var names = new Dictionary<string, long>(StringComparer.Ordinal);
            while (parser.MoveNext() && parser.Current is not MappingEnd)
            {
                if (Value(depth + 1) is not YamlScalar key) throw new Refusal($"line {parser.Current!.Start.Line}: the name of a field is a text.");
                if (key.IsPlain && key.Text == "<<") throw new Refusal($"{key.At}: merge keys are not read here. Write the fields out.");
                if (!names.TryAdd(key.Text, key.Line)) throw new Refusal($"{key.At}: {key.Text} stands twice; the first one is in line {names[key.Text]}.");
                if (!parser.MoveNext()) throw new Refusal($"{key.At}: {key.Text} has no value.");
                fields.Add(new(key.Text, key, Value(depth + 1)));
            }
            return fields;
        }
    }

    private sealed class Refusal(string message) : Exception(message);
}
