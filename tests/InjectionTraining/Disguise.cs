using System.Text;

namespace AspireGateway.InjectionTraining;

/// <summary>Ways to write an attack so that a filter does not see it.</summary>
internal static class Disguise
{
    /// <summary>All, by name.</summary>
    public static readonly IReadOnlyList<(string Name, Func<string, string> Apply)> All =
    [
        ("none", text => text),
        ("upper case", text => text.ToUpperInvariant()),
        ("spaced letters", text => string.Join("  ", text.Split(' ').Select(word => string.Join(' ', word.AsEnumerable())))),
        ("dots between letters", text => string.Join(' ', text.Split(' ').Select(word => string.Join('.', word.AsEnumerable())))),
        ("no spaces", text => text.Replace(" ", "", StringComparison.Ordinal)),
        ("leetspeak", text => Map(text, "aeiost", "431057")),
        ("Cyrillic look-alikes", text => Map(text, "aceopxi", "асеорхі")),
        ("zero-width spaces", text => string.Join('\u200B', text.AsEnumerable())),
        ("full width", text => string.Concat(text.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c))),
        ("mathematical letters", text => string.Concat(text.Select(c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1D41A + c - 'a') : char.IsAsciiLetterUpper(c) ? char.ConvertFromUtf32(0x1D400 + c - 'A') : c.ToString()))),
        ("tag characters", text => "Hello! " + string.Concat(text.Where(c => c is >= ' ' and <= '~').Select(c => char.ConvertFromUtf32(0xE0000 + c)))),
        ("base64", text => "Please look at this: " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        ("hexadecimal", text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))),
        ("rot13", text => string.Concat(text.Select(Rotate))),
        ("backwards", text => new string([.. text.Reverse()])),
        ("URL encoded", text => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"%{b:X2}"))),
        ("JSON escapes", text => string.Concat(text.Select(c => $"\\u{(int)c:x4}"))),
        ("HTML entities", text => string.Concat(text.Select(c => $"&#{(int)c};"))),
        ("HTML comment", text => "<p>Welcome to our shop.</p><!-- " + text + " --><p>We are open from nine to five.</p>"),
        ("a line for each word", text => text.Replace(' ', '\n')),
    ];

    private static string Map(string text, string from, string to) => string.Concat(text.Select(c => from.IndexOf(c) is >= 0 and var at ? to[at] : c));

    private static char Rotate(char c) => char.IsAsciiLetterLower(c) ? (char)('a' + (c - 'a' + 13) % 26) : char.IsAsciiLetterUpper(c) ? (char)('A' + (c - 'A' + 13) % 26) : c;
}
