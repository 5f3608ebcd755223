using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Passwords in options of well-known commands: <c>curl -u user:password</c>, <c>mysql -ppassword</c>, <c>redis-cli -a</c>, <c>sshpass -p</c>.</summary>
internal static class CommandLineRecogniser
{
    private const int Longest = 160, LeastPassword = 6;

    /// <summary>The commands.</summary>
    public static readonly string[] Marks = ["curl ", "mysql ", "mysqldump ", "redis-cli ", "sshpass "];

    /// <summary>Reports the password of the command that begins here.</summary>
    public static void Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        var (option, separated) = text[at] switch { 'c' => (" -u ", true), 'm' => (" -p", false), 'r' => (" -a ", true), _ => (" -p ", true) };
        var line = text[at..Math.Min(text.Length, at + Longest)];
        if (line.IndexOf('\n') is >= 0 and var cut) line = line[..cut];
        var found = line.IndexOf(option);
        if (found < 0) return;
        var from = found + option.Length;
        while (separated && from < line.Length && line[from] is ' ' or '"' or '\'') from++;
        var rest = line[from..];
        var length = rest.IndexOfAny(" \"'");
        if (length < 0) length = rest.Length;
        var value = rest[..length];
        if (text[at] == 'c')
        {
            var colon = value.IndexOf(':');
            if (colon < 0) return;
            value = value[(colon + 1)..];
            from += colon + 1;
        }
        if (value.Length < LeastPassword || Placeholders.IsOne(value) || Placeholders.IsWord(value) || value[0] is '$' or '<' || value.StartsWith("assword")) return;
        findings.Add(new(SecretTypes.Password, at + from, value.Length, 0.8));
    }
}
