using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>One choice of an answer: its text in pieces or its tool calls, and why it ended.</summary>
internal sealed record ChatChoice(IReadOnlyList<string> Pieces, IReadOnlyList<ToolCall> Calls, string FinishReason)
{
    private const int FillerPieceBytes = 1024;
    private const int MostFillerPieces = 1000;

    public string Text => string.Concat(Pieces);

    public int Tokens => SimText.Tokens(Text) + Calls.Sum(c => SimText.Tokens(c.Name) + SimText.Tokens(string.Concat(c.ArgumentPieces)));

    public int Chunks => Pieces.Count + Calls.Sum(c => c.ArgumentPieces.Count);

    public static ChatChoice Compose(ChatRequest request, Directives directives, int index, int reasoningTokens)
    {
        var prompt = DirectiveReader.WithoutMarkers(request.Prompt);
        var calls = directives.Text is null && directives.BodyBytes is null ? ToolCall.Asked(request, prompt) : [];
        if (calls.Count > 0) return new ChatChoice([], calls, directives.FinishReason ?? "tool_calls");

        var finish = "stop";
        var text = TextFor(request, directives, prompt, index);
        foreach (var stop in request.Stops)
            if (stop.Length > 0 && text.IndexOf(stop, StringComparison.Ordinal) is >= 0 and var at) text = text[..at];
        var pieces = PiecesOf(text, directives);
        if (request.MaxTokens is { } most && SimText.Tokens(string.Concat(pieces)) > Math.Max(0, most - reasoningTokens))
        {
            pieces = SimText.Pieces(SimText.Truncate(string.Concat(pieces), Math.Max(0, most - reasoningTokens)));
            finish = "length";
        }

        return new ChatChoice(pieces, [], directives.FinishReason ?? finish);
    }

    private static string TextFor(ChatRequest request, Directives directives, string prompt, int index)
    {
        if (directives.Text is { } scripted) return scripted;
        if (directives.BodyBytes is { } bytes) return SimText.Filler(bytes);
        if (request.JsonWanted) return JsonSample.For(request.Schema, SimText.Reply(prompt, index));
        return request.ToolResult is { } result
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
