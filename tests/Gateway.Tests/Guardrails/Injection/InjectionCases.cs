using AspireGateway.Gateway.Guardrails.Injection;

namespace AspireGateway.Gateway.Tests.Guardrails.Injection;

/// <summary>The texts of Golden/Injection/cases.txt.</summary>
internal static class InjectionCases
{
    public static readonly string[] Families = ["override", "leak", "persona", "markers", "indirect", "exfiltration", "obfuscation", "pressure", "tool"];

    public static List<(string Family, bool IsAttack, InjectionSource Source, string Text)> Read()
    {
        var cases = new List<(string, bool, InjectionSource, string)>();
        var family = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Injection", "cases.txt")))
        {
            if (line.StartsWith('[')) family = line.Trim('[', ']');
            if (line.Length < 3 || line[0] is not ('+' or '-')) continue;
            var text = line[2..];
            var isDocument = text.StartsWith("doc: ", StringComparison.Ordinal);
            cases.Add((family, line[0] == '+', isDocument ? InjectionSource.Document : InjectionSource.User, isDocument ? text[5..] : text));
        }
        return cases;
    }
}
