namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Addresses of electronic mail (RFC 5321's lengths, RFC 6531's letters), without quoted local parts and without addresses of hosts.</summary>
internal static class EmailRecogniser
{
    private const int LongestLocal = 64, LongestDomain = 253;

    // Endings of file names that follow an at sign in asset names such as icon@2x.png.
    private static readonly string[] FileEndings = ["png", "jpg", "jpeg", "gif", "svg", "webp", "pdf", "js", "ts", "tsx", "jsx", "mjs", "css", "scss", "html", "json", "xml", "yml", "yaml", "md", "txt", "cs", "py", "java", "lock", "git"];

    /// <summary>Reports the address around an at sign.</summary>
    public static void Find(in PersonalDataScan scan, int at)
    {
        var text = scan.Text;
        var start = at;
        while (start > 0 && at - start < LongestLocal && IsLocal(text[start - 1])) start--;
        if (start > 0 && IsLocal(text[start - 1])) return;
        while (start < at && text[start] is '.' or '-' or '\'' or '/' or '=' or '+' or '*' or '&' or '#' or '!' or '$' or '%' or '`' or '^' or '?') start++;
        if (start == at || text[at - 1] == '.') return;
        // A form's or an assignment's name before it: what follows the last sign of equality is the address.
        var sign = text[start..at].LastIndexOfAny("=/?&");
        if (sign >= 0) start += sign + 1;
        if (start == at) return;

        var end = at + 1;
        var (lastDot, letters) = (-1, false);
        while (end < text.Length && end - at <= LongestDomain)
        {
            var c = text[end];
            if (c == '.')
            {
                if (!char.IsLetterOrDigit(text[end - 1]) || end + 1 >= text.Length || !char.IsLetterOrDigit(text[end + 1])) break;
                (lastDot, letters) = (end, true);
            }
            else if (char.IsLetterOrDigit(c))
            {
                if (!char.IsLetter(c) && !text[end - 1].Equals('-')) letters &= lastDot < 0 || text[(lastDot + 1)..end].StartsWith("xn--");
            }
            else if (c != '-' || end == at + 1) break;
            end++;
        }
        while (end > at && text[end - 1] == '-') end--;
        if (lastDot < 0 || !letters || end - lastDot - 1 < 2) return;
        var ending = text[(lastDot + 1)..end];
        foreach (var file in FileEndings)
            if (ending.Equals(file, StringComparison.OrdinalIgnoreCase)) return;
        if (scan.At(end) is '@' or '_' || IsCredentialOfAddress(scan, start)) return;
        // git@host:path names a repository, not a person.
        if (scan.At(end) == ':' && text[start..at].SequenceEqual("git")) return;
        scan.Report(PersonalDataKinds.Email, start, end, 0.95);
    }

    // RFC 5322's atext, and letters beyond ASCII.
    private static bool IsLocal(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '%' or '\'' or '&' or '=' or '/' or '!' or '#' or '$' or '*' or '^' or '`' or '?' or '{' or '}' or '|' or '~' && c is not ('{' or '}' or '|');

    // https://user:password@host is an address of a page.
    private static bool IsCredentialOfAddress(in PersonalDataScan scan, int start)
    {
        var text = scan.Text;
        if (start < 3) return false;
        if (text[start - 1] == '/' && text[start - 2] == '/') return true;
        if (text[start - 1] != ':') return false;
        var window = text[Math.Max(0, start - LongestLocal)..start];
        var scheme = window.LastIndexOf("://");
        return scheme >= 0 && window[scheme..].IndexOfAny(" \n\t\"'") < 0;
    }
}
