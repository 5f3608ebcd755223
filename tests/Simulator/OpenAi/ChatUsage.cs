using System.Text.Json;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>The token counts of a chat answer; reasoning is a part of completion, cached a part of prompt.</summary>
internal sealed record ChatUsage(int Prompt, int Cached, int Completion, int Reasoning)
{
    private const int LeastReasoning = 32;
    private const int ReasoningRange = 128;

    /// <summary>What a model spends on reasoning: none, unless its name starts with <c>sim-reasoning</c>.</summary>
    public static int ReasoningOf(ChatRequest request) =>
        request.Model.StartsWith("sim-reasoning", StringComparison.Ordinal)
            ? LeastReasoning + (int)(SimText.Hash(request.Prompt) % ReasoningRange)
            : 0;

    public static ChatUsage Of(ChatRequest request, Directives directives, IEnumerable<ChatChoice> choices, int reasoning)
    {
        var reported = directives.ReasoningTokens ?? reasoning;
        return new ChatUsage(
            directives.PromptTokens ?? request.PromptTokens,
            directives.CachedTokens ?? 0,
            directives.CompletionTokens ?? choices.Sum(c => c.Tokens) + reported,
            reported);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", Prompt);
        writer.WriteNumber("completion_tokens", Completion);
        writer.WriteNumber("total_tokens", (long)Prompt + Completion);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", Cached);
        writer.WriteNumber("audio_tokens", 0);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", Reasoning);
        writer.WriteNumber("audio_tokens", 0);
        writer.WriteNumber("accepted_prediction_tokens", 0);
        writer.WriteNumber("rejected_prediction_tokens", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
