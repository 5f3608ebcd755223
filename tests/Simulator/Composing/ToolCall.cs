namespace AspireGateway.Simulator.Composing;

/// <summary>A call of an offered tool, its arguments in pieces as a stream carries them.</summary>
internal sealed record ToolCall(string Name, IReadOnlyList<string> ArgumentPieces)
{
    /// <summary>The arguments as JSON.</summary>
    public string Arguments => string.Concat(ArgumentPieces);

    /// <summary>The tools that the last message asks for with <c>call NAME</c>, or that the caller demands.</summary>
    public static List<ToolCall> Asked(Question question, string prompt)
    {
        var calls = new List<ToolCall>();
        if (question.ToolResult is not null) return calls;
        foreach (var tool in question.Tools)
        {
            if (tool.Name != question.DemandedTool && !Asks(prompt, tool.Name)) continue;
            calls.Add(new ToolCall(tool.Name, SimText.Pieces(tool.Parameters is { } schema ? JsonSample.For(schema, "sample") : "{}")));
            if (question.OneCallAtMost) break;
        }

        return calls;
    }

    private static bool Asks(string prompt, string tool)
    {
        const string verb = "call ";
        for (var at = 0; (at = prompt.IndexOf(verb, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += verb.Length)
        {
            var rest = prompt.AsSpan(at + verb.Length).TrimStart(" `\"'");
            if (rest.StartsWith(tool, StringComparison.Ordinal) && (rest.Length == tool.Length || !IsNamePart(rest[tool.Length]))) return true;
        }

        return false;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}
