using System.Reflection;
using System.Text;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.Gateway.Guardrails.ContentPolicy;

/// <summary>Reads the categories' files: lines of <c>kind: words</c>, the kinds being those of <see cref="CategoryConcepts"/>.</summary>
internal static class PolicyLexicon
{
    /// <summary>The name of the lines that lower every category: talk about a subject rather than the thing.</summary>
    public const string Distance = "distance";

    /// <summary>Reads the files that the gateway was built with.</summary>
    public static ConceptLexicon BuiltIn()
    {
        var text = new StringBuilder(Resource("common.txt"));
        foreach (var type in ContentCategory.All) text.Append('\n').Append(Prefixed(type, Resource(type.ToLowerInvariant().Replace('_', '-') + ".txt")));
        return ConceptLexicon.Parse(text.ToString());
    }

    private static string Prefixed(string type, string text)
    {
        var prefixed = new StringBuilder();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            if (!CategoryConcepts.Kinds.Contains(line.Split(':')[0])) throw new FormatException($"The file of {type} has a line of an unknown kind.");
            prefixed.Append(type).Append('.').Append(line).Append('\n');
        }
        return prefixed.ToString();
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ContentPolicy/" + name) ?? throw new InvalidOperationException($"The lexicon {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
