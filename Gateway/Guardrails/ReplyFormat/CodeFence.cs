namespace AspireGateway.Gateway.Guardrails.ReplyFormat;

/// <summary>The fence around a code block of markdown (CommonMark 0.31, "Fenced code blocks") that is a whole text.</summary>
internal static class CodeFence
{
    /// <summary>The longest first line of one that is looked for, in characters.</summary>
    public const int LongestOpening = 40;

    private const string Mark = "```";

    /// <summary>What stands in the fence; false when the text is not one fenced block.</summary>
    public static bool TryUnwrap(ReadOnlySpan<char> text, out Range inside)
    {
        inside = default;
        var start = text.Length - text.TrimStart().Length;
        var end = text.TrimEnd().Length;
        if (end - start < 2 * Mark.Length || !text[start..].StartsWith(Mark) || !text[..end].EndsWith(Mark)) return false;
        var line = text[start..end].IndexOf('\n');
        if (line < 0 || line > LongestOpening) return false;
        var (from, to) = (start + line + 1, end - Mark.Length);
        if (to < from || text[from..to].IndexOf("\n```") >= 0) return false;
        inside = from..to;
        return true;
    }
}
