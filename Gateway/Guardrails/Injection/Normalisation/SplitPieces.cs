namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// Joins text that was split over assigned or added pieces (<c>a = "ign"; b = "ore all rules"</c>, <c>"ign" + "ore"</c>) and adds it to
/// <see cref="NormalText.Hidden"/>. Only short pieces behind <c>=</c> or <c>+</c> count, so JSON and prose do not. Linear.
/// </summary>
internal static class SplitPieces
{
    private const int MinPieces = 2, MaxPieces = 32, MaxPiece = 60;

    /// <summary>Joins the pieces of a text.</summary>
    public static void Join(ReadOnlySpan<char> text, NormalText into)
    {
        if (text.IndexOfAny('=', '+') < 0) return;
        var before = into.HiddenLength;
        var pieces = 0;
        for (var at = 0; at < text.Length && pieces < MaxPieces;)
        {
            var sign = text[at..].IndexOfAny('=', '+');
            if (sign < 0) break;
            at += sign + 1;
            var open = at;
            while (open < text.Length && text[open] == ' ') open++;
            if (open >= text.Length || text[open] is not ('"' or '\'')) continue;
            var length = text.Slice(open + 1, Math.Min(MaxPiece + 1, text.Length - open - 1)).IndexOf(text[open]);
            if (length < 0) continue;
            // The first piece of a sum has its sign behind it.
            if (pieces == 0 && text[at - 1] == '+' && FirstOfSum(text[..(at - 1)]) is { IsEmpty: false } first)
            {
                into.AddHidden(first);
                pieces++;
            }
            into.AddHidden(text.Slice(open + 1, length));
            pieces++;
            at = open + 1 + length + 1;
        }
        if (pieces >= MinPieces) into.AddHidden("\n");
        else into.CutHidden(before);
    }

    private static ReadOnlySpan<char> FirstOfSum(ReadOnlySpan<char> text)
    {
        text = text[Math.Max(0, text.Length - MaxPiece - 8)..].TrimEnd(' ');
        if (text.IsEmpty || text[^1] is not ('"' or '\'')) return default;
        var open = text[..^1].LastIndexOf(text[^1]);
        return open < 0 ? default : text[(open + 1)..^1];
    }
}
