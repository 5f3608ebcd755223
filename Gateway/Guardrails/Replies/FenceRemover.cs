using AspireGateway.Gateway.Guardrails.ReplyFormat;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>
/// Takes the fence off a text that comes in pieces and is one fenced block (<see cref="CodeFence"/>): its first line, and what a last line could be waits for the rest. A text that begins otherwise
/// passes as it is.
/// </summary>
internal sealed class FenceRemover
{
    private char[] waiting = new char[64];
    private char[] output = new char[64];
    private int length;
    private bool isInside, isPlain;

    /// <summary>How many characters wait.</summary>
    public int Waiting => length;

    /// <summary>Takes a piece; what may go on is valid until the next call.</summary>
    public ReadOnlySpan<char> Take(ReadOnlySpan<char> piece)
    {
        if (isPlain) return piece;
        Append(piece);
        if (!isInside)
        {
            var text = waiting.AsSpan(0, length);
            var begun = text.TrimStart();
            var line = begun.IndexOf('\n');
            var isNone = begun[..Math.Min(3, begun.Length)].IndexOfAnyExcept('`') >= 0 || (line < 0 ? begun.Length : line) > CodeFence.LongestOpening;
            if (isNone)
            {
                isPlain = true;
                return Release(length);
            }
            if (begun.Length < 3 || line < 0) return default;
            isInside = true;
            Drop(length - begun.Length + line + 1);
        }
        // The closing fence and the white space around it are the last that comes.
        return Release(length - TailOf(waiting.AsSpan(0, length)));
    }

    /// <summary>Nothing more comes: what waits and is no fence.</summary>
    public ReadOnlySpan<char> End()
    {
        if (isPlain || !isInside) return Release(length);
        var text = waiting.AsSpan(0, length).TrimEnd();
        if (text.EndsWith("```")) text = text[..^3].TrimEnd();
        var keep = text.Length;
        var kept = Release(keep);
        length = 0;
        return kept;
    }

    private static int TailOf(ReadOnlySpan<char> text)
    {
        var at = text.Length;
        while (at > 0 && (char.IsWhiteSpace(text[at - 1]) || text[at - 1] == '`')) at--;
        return text.Length - at;
    }

    private void Append(ReadOnlySpan<char> piece)
    {
        if (length + piece.Length > waiting.Length) Array.Resize(ref waiting, Math.Max(waiting.Length * 2, length + piece.Length));
        piece.CopyTo(waiting.AsSpan(length));
        length += piece.Length;
    }

    private void Drop(int count)
    {
        waiting.AsSpan(count, length - count).CopyTo(waiting);
        length -= count;
    }

    private ReadOnlySpan<char> Release(int count)
    {
        if (output.Length < count) output = new char[Math.Max(count, output.Length * 2)];
        waiting.AsSpan(0, count).CopyTo(output);
        Drop(count);
        return output.AsSpan(0, count);
    }
}
