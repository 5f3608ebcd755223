using System.Text;

namespace AspireGateway.GuardrailReport;

/// <summary>
/// Texts as people write them to a model, made from templates: letters, tickets, tables, JSON, code, logs, and texts without personal data or with look-alikes. Half of the
/// names are held out of the gazetteer.
/// </summary>
internal static class PersonalDataCorpus
{
    private const int Texts = 5000, Seed = 20261130, TextsOfThreeTemplates = 4;

    /// <summary>The set; the same each time.</summary>
    public static List<LabelledText> Make()
    {
        var random = new Random(Seed);
        var common = new Locale("common");
        var locales = Locale.Codes.Select(code => new Locale(code)).ToList();
        var set = new List<LabelledText>();
        for (var i = 0; i < Texts; i++)
        {
            var locale = locales[i % locales.Count];
            var text = new StringBuilder();
            var labels = new List<Label>();
            var parts = random.Next(TextsOfThreeTemplates) == 0 ? 3 : 1;
            for (var part = 0; part < parts; part++)
            {
                if (part > 0) text.Append('\n');
                var templates = random.Next(3) == 0 ? common.Templates : locale.Templates;
                Fill(templates[random.Next(templates.Count)], locale, random, text, labels);
            }
            set.Add(new(locale.Code, text.ToString(), labels));
        }
        return set;
    }

    private static void Fill(string template, Locale locale, Random random, StringBuilder text, List<Label> labels)
    {
        var person = "";
        for (var i = 0; i < template.Length; i++)
        {
            var close = template[i] == '{' ? template.IndexOf('}', i) : -1;
            if (close < 0 || !template.AsSpan(i + 1, close - i - 1).ContainsAnyInRange('A', 'Z') || template.AsSpan(i + 1, close - i - 1).ContainsAny(" \":a"))
            {
                text.Append(template[i]);
                continue;
            }
            var type = template[(i + 1)..close];
            var value = Value(type, locale, random, ref person);
            labels.Add(new(type, text.Length, value.Length));
            text.Append(value);
            i = close;
        }
    }

    private static string Value(string type, Locale locale, Random random, ref string person)
    {
        switch (type)
        {
            case "PERSON":
                return person = $"{Name(locale, "given", random)} {Name(locale, "family", random)}";
            case "EMAIL":
                var local = new string(Name(locale, "given", random).Concat(".").Concat(Name(locale, "family", random)).Where(c => char.IsAscii(c) && c is not (' ' or '\'')).ToArray()).ToLowerInvariant();
                return $"{(random.Next(3) == 0 ? local.Split('.')[0] + random.Next(1, 99) : local)}@{NationalNumbers.Pick(["example.com", "mail.example.org", "post.example.net", "web.de", "orange.fr", "company.co.uk"], random)}";
            case "PHONE":
                return Pattern(NationalNumbers.Pick(locale["phone"], random), locale, random);
            case "STREET_ADDRESS":
                return Pattern(NationalNumbers.Pick(locale["street"], random), locale, random);
            case "ORGANISATION":
                return Pattern(NationalNumbers.Pick(locale["org"], random), locale, random);
            default:
                return NationalNumbers.Make(type, locale.Code, random) ?? throw new InvalidOperationException($"No values for {type}.");
        }
    }

    private static string Name(Locale locale, string list, Random random) => NationalNumbers.Pick(locale[random.Next(2) == 0 ? list : "held-" + list], random);

    // 9 is a digit, in postcodes also AB, CD and XY are letters.
    private static string Pattern(string pattern, Locale locale, Random random)
    {
        var filled = pattern
            .Replace("{streetname}", NationalNumbers.Pick(locale["streetname"], random), StringComparison.Ordinal)
            .Replace("{city}", NationalNumbers.Pick(locale["city"], random), StringComparison.Ordinal)
            .Replace("{F}", Name(locale, "family", random), StringComparison.Ordinal);
        if (filled.Contains("{zip}", StringComparison.Ordinal)) filled = filled.Replace("{zip}", Numbers(NationalNumbers.Pick(locale["zip"], random), random), StringComparison.Ordinal);
        filled = filled.Replace("{n}", random.Next(1, 300).ToString(), StringComparison.Ordinal);
        while (filled.IndexOf("{n2}", StringComparison.Ordinal) is >= 0 and var at) filled = filled[..at] + random.Next(1, 40) + filled[(at + 4)..];
        return pattern.Contains("99", StringComparison.Ordinal) ? Numbers(filled, random) : filled;
    }

    private static string Numbers(string pattern, Random random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            // A single 9 in front belongs to the pattern, such as Brazil's mobile 9 and Spain's 91.
            var isRow = pattern[i] == '9' && ((i + 1 < pattern.Length && pattern[i + 1] == '9') || (i > 0 && pattern[i - 1] == '9') || pattern.Contains("AB", StringComparison.Ordinal) || pattern.Contains("9A", StringComparison.Ordinal));
            text.Append(isRow ? (char)('0' + random.Next(i == 0 ? 1 : 0, 10)) : pattern[i]);
        }
        return text.ToString();
    }
}
