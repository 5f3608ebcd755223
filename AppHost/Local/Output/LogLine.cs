namespace AspireGateway.AppHost.Local.Output;

/// <summary>Makes a child's line safe to print.</summary>
internal static class LogLine
{
    /// <summary>
    /// Removes terminal escape sequences and other control characters: what a service logs may stem from a request, and must
    /// not steer the developer's terminal.
    /// </summary>
    public static string Printable(string line)
    {
        if (!line.AsSpan().ContainsAnyInRange('\0', '\x1f') && !line.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
            return line;

        var kept = new char[line.Length];
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\e' && i + 1 < line.Length && line[i + 1] == '[')
            {
                // A control sequence ends with its first character from @ to ~ (ECMA-48, 5.4).
                for (i += 2; i < line.Length && line[i] is < '@' or > '~'; i++)
                {
                }
            }
            else if (c == '\t' || !char.IsControl(c))
            {
                kept[length++] = c;
            }
        }

        return new string(kept, 0, length);
    }
}
