using System.Reflection;
using System.Text;

namespace AspireGateway.InjectionTraining;

/// <summary>A file of templates with slots: <c>name = a | b</c> defines what <c>{name}</c> may become, or adds to it, <c>[family split kind]</c> begins a family.</summary>
internal sealed class Grammar
{
    private const int MaxDepth = 8;

    private readonly Dictionary<string, string[]> slots = new(StringComparer.Ordinal);
    private readonly List<TemplateFamily> families = [];

    private Grammar(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf(" = ", StringComparison.Ordinal);
            if (line[0] == '#' && line.StartsWith("# ", StringComparison.Ordinal)) continue;
            if (line[0] == '[' && line[^1] == ']' && line.Split(' ') is { Length: 2 or 3 } head)
            {
                families.Add(new(head[0][1..], head[1].TrimEnd(']') == "heldout", head.Length > 2 ? head[2].TrimEnd(']') : "attack", []));
            }
            else if (equals > 0 && line[..equals].All(char.IsAsciiLetterOrDigit) && families.All(family => family.Name != line[..equals]))
            {
                slots[line[..equals]] = [.. slots.GetValueOrDefault(line[..equals], []), .. line[(equals + 3)..].Split('|').Select(choice => choice.Trim())];
            }
            else
            {
                families[^1].Templates.Add(line);
            }
        }
    }

    /// <summary>The families in the order of the file.</summary>
    public IReadOnlyList<TemplateFamily> Families => families;

    /// <summary>Reads one of the files beside this class.</summary>
    public static Grammar Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Grammar/{name}.txt") ?? throw new InvalidOperationException($"The grammar {name} is missing.");
        using var reader = new StreamReader(stream);
        return new(reader.ReadToEnd());
    }

    /// <summary>Makes a text of a family.</summary>
    public string Make(TemplateFamily family, SplitMix random)
    {
        var text = new StringBuilder();
        Expand(family.Templates[random.Next(family.Templates.Count)], random, text, 0);
        return text.ToString().Replace("\\n", "\n", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal).Trim();
    }

    private void Expand(string template, SplitMix random, StringBuilder into, int depth)
    {
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                into.Append(template, at, template.Length - at);
                return;
            }
            // A brace may also belong to code or to the signs of a chat template.
            if (!slots.TryGetValue(template[(open + 1)..close], out var choices) || depth == MaxDepth)
            {
                into.Append(template, at, open + 1 - at);
                at = open + 1;
                continue;
            }
            into.Append(template, at, open - at);
            Expand(choices[random.Next(choices.Length)], random, into, depth + 1);
            at = close + 1;
        }
    }
}
