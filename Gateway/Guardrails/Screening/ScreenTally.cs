using System.Text;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>How often guardrails found what in one request. By type and count, never the text.</summary>
internal sealed class ScreenTally
{
    // As many lines as a header may well have; the rest are counted together.
    private const int MaxLines = 24;
    private const string OtherType = "OTHER";

    private List<TallyLine>? made;

    /// <summary>The lines, in the order in which they came up.</summary>
    public IReadOnlyList<TallyLine> Lines => made ?? (IReadOnlyList<TallyLine>)[];

    /// <summary>Guardrails that found something, in that order.</summary>
    public string[] Guardrails => [.. Lines.Select(line => line.Guardrail).Distinct(StringComparer.Ordinal)];

    /// <summary>Counts a finding.</summary>
    public void Add(string guardrail, bool isReply, string action, string type, int count = 1)
    {
        var lines = made ??= [];
        if (lines.Count >= MaxLines && !lines.Exists(line => line.Is(guardrail, isReply, action, type))) type = OtherType;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].Is(guardrail, isReply, action, type)) continue;
            lines[i] = lines[i] with { Count = lines[i].Count + count };
            return;
        }
        lines.Add(new(guardrail, isReply, action, type, count));
    }

    /// <summary>The value of <c>x-gateway-guardrails</c>: <c>personal_data;mask;EMAIL=2;PHONE=1, secrets;block;JWT=1</c>. Of the prompt only, unless the reply was whole when its headers went out.</summary>
    public string ToHeader()
    {
        var text = new StringBuilder();
        var lines = Lines;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var continues = i > 0 && lines[i - 1].Guardrail == line.Guardrail && lines[i - 1].Action == line.Action && lines[i - 1].IsReply == line.IsReply;
            if (!continues)
            {
                if (i > 0) text.Append(", ");
                text.Append(line.Guardrail).Append(line.IsReply ? ";reply;" : ";").Append(line.Action);
            }
            text.Append(';').Append(line.Type).Append('=').Append(line.Count);
        }
        return text.ToString();
    }
}

/// <summary>So many findings of one kind.</summary>
/// <param name="Guardrail">Whose.</param>
/// <param name="IsReply">In the reply, not the prompt.</param>
/// <param name="Action">What was done; of <see cref="Shared.Domain.Guardrails.GuardrailActions"/>.</param>
/// <param name="Type">What was found.</param>
/// <param name="Count">How often.</param>
internal readonly record struct TallyLine(string Guardrail, bool IsReply, string Action, string Type, int Count)
{
    /// <summary>Whether it counts these.</summary>
    public bool Is(string guardrail, bool isReply, string action, string type) => Guardrail == guardrail && IsReply == isReply && Action == action && Type == type;
}
