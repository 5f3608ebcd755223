using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>A chat request: the question, and what only OpenAI's protocol knows.</summary>
internal sealed record ChatRequest : Question
{
    /// <summary>What the pickiest of the compatible vendors accept.</summary>
    private static readonly HashSet<string> PlainFields = new(StringComparer.Ordinal)
    {
        "model", "messages", "stream", "temperature", "top_p", "max_tokens", "stop", "tools", "tool_choice",
    };

    public bool IncludeUsage { get; init; }
    public int N { get; init; } = 1;
    public bool LogProbs { get; init; }

    public override Refusal? Objection(Directives directives) =>
        directives.StrictFields is { } status && Fields.FirstOrDefault(f => !PlainFields.Contains(f)) is { } field
            ? new Refusal(status, $"{field}: Extra inputs are not permitted", "extra_forbidden", field)
            : base.Objection(directives);

    public override IAnswer Answer(Directives directives, string id, DateTimeOffset now) =>
        new ChatAnswer(this, directives, $"chatcmpl-sim{id}", now.ToUnixTimeSeconds());
}
