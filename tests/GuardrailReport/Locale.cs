using System.Reflection;

namespace AspireGateway.GuardrailReport;

/// <summary>Vocabulary and templates of one locale, from Locales/. Names marked as held are not in the recogniser's gazetteer.</summary>
internal sealed class Locale
{
    private readonly Dictionary<string, string[]> lists = new(StringComparer.Ordinal);

    /// <summary>Reads it.</summary>
    public Locale(string code)
    {
        Code = code;
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(code) ?? throw new InvalidOperationException($"There is no locale {code}.");
        using var reader = new StreamReader(stream);
        var texts = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon < 0) continue;
            if (line[..colon] == "text") texts.Add(line[(colon + 2)..].Replace("\\n", "\n", StringComparison.Ordinal));
            else lists[line[..colon]] = line[(colon + 2)..].Split('|');
        }
        Templates = texts;
    }

    /// <summary>The locales with names of their own.</summary>
    public static IReadOnlyList<string> Codes { get; } = ["en-US", "en-GB", "de", "fr", "es", "it", "nl", "pl", "pt-BR", "en-IN"];

    /// <summary>Its code.</summary>
    public string Code { get; }

    /// <summary>Texts with types in braces.</summary>
    public IReadOnlyList<string> Templates { get; }

    /// <summary>A list of the vocabulary.</summary>
    public string[] this[string list] => lists[list];
}
