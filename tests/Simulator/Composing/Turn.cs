using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Composing;

/// <summary>Why a turn ended; each protocol has its own word for it.</summary>
internal enum TurnEnd
{
    /// <summary>All was said.</summary>
    Said,

    /// <summary>A stop sequence came up.</summary>
    StopSequence,

    /// <summary>The caller's limit was reached.</summary>
    Length,

    /// <summary>Tools are to be called.</summary>
    ToolCalls,
}

/// <summary>One turn of the model: its thoughts, its text in pieces, its tool calls, and why it ended.</summary>
internal sealed record Turn(IReadOnlyList<string> Thoughts, IReadOnlyList<string> Pieces, IReadOnlyList<ToolCall> Calls, TurnEnd End)
{
    private const int FillerPieceBytes = 1024;
    private const int MostFillerPieces = 1000;

    /// <summary>The stop sequence that ended it, or null.</summary>
    public string? MatchedStop { get; init; }

    public string Text => string.Concat(Pieces);

    public string Thought => string.Concat(Thoughts);

    /// <summary>Tokens of text and calls; thoughts are counted apart.</summary>
    public int Tokens => SimText.Tokens(Text) + Calls.Sum(c => SimText.Tokens(c.Name) + SimText.Tokens(c.Arguments));

    public int Chunks => Thoughts.Count + Pieces.Count + Calls.Sum(c => c.ArgumentPieces.Count);

    public static Turn Compose(Question question, Directives directives, int index, int reasoningTokens)
    {
        var prompt = DirectiveReader.WithoutMarkers(question.Prompt);
        var thoughts = question.ShowsThoughts ? SimText.Pieces(SimText.Thought(prompt)) : [];
        var calls = directives.Text is null && directives.BodyBytes is null ? ToolCall.Asked(question, prompt) : [];
        if (calls.Count > 0) return new Turn(thoughts, directives.TalkFirst ? SimText.Pieces(SimText.BeforeCall) : [], calls, TurnEnd.ToolCalls);

        var end = TurnEnd.Said;
        string? matched = null;
        var text = TextFor(question, directives, prompt, index);
        foreach (var stop in question.Stops)
        {
            if (stop.Length == 0 || text.IndexOf(stop, StringComparison.Ordinal) is not (>= 0 and var at)) continue;
            (text, matched, end) = (text[..at], stop, TurnEnd.StopSequence);
        }

        var pieces = PiecesOf(text, directives);
        if (question.MaxTokens is { } most && SimText.Tokens(string.Concat(pieces)) > Math.Max(0, most - reasoningTokens))
        {
            pieces = SimText.Pieces(SimText.Truncate(string.Concat(pieces), Math.Max(0, most - reasoningTokens)));
            (matched, end) = (null, TurnEnd.Length);
        }

        return new Turn(thoughts, pieces, [], end) { MatchedStop = matched };
    }

    private static string TextFor(Question question, Directives directives, string prompt, int index)
    {
        if (directives.Text is { } scripted) return scripted;
        if (directives.BodyBytes is { } bytes) return SimText.Filler(bytes);
        if (question.JsonWanted) return JsonSample.For(question.Schema, SimText.Reply(prompt, index));
        return question.ToolResult is { } result
            ? $"The tool answered: {SimText.Truncate(result, 64)}"
            : SimText.Reply(prompt, index);
    }

    private static List<string> PiecesOf(string text, Directives directives)
    {
        if (directives.Chunks is { } count) return SimText.Pieces(text, count);
        if (directives.BodyBytes is { } bytes) return InEqualParts(text, Math.Clamp(bytes / FillerPieceBytes, 1, MostFillerPieces));
        var pieces = SimText.Pieces(text);
        return directives.LastFaultAfter is { } after && after >= pieces.Count ? SimText.Pieces(text, after + 1) : pieces;
    }

    private static List<string> InEqualParts(string text, int parts)
    {
        var pieces = new List<string>(parts);
        for (var i = 0; i < parts; i++) pieces.Add(text[(int)((long)i * text.Length / parts)..(int)((long)(i + 1) * text.Length / parts)]);
        return pieces;
    }
}
