namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>Where an escaped text of JSON may be cut: behind a blank, which is no part of an escape or of another character.</summary>
internal static class PieceLength
{
    // About four tokens; fewer would make a stream many times as long as its text.
    private const int Least = 16;

    // A script without blanks is cut between characters.
    private const int Most = 96;

    /// <summary>The length of the next piece in bytes, at least 1.</summary>
    public static int Of(ReadOnlySpan<byte> text)
    {
        if (text.Length <= Least) return text.Length;
        var blank = text[Least..].IndexOf((byte)' ');
        if (blank >= 0 && blank <= Most) return Least + blank + 1;
        if (text.Length <= Least + Most) return text.Length;
        // The start of a character of several bytes is never inside an escape, which is ASCII.
        for (var at = Least + Most; at > Least; at--)
            if (text[at] >= 0xC0) return at;
        return blank >= 0 ? Least + blank + 1 : text.Length;
    }
}
