using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// How a family is asked to think: Claude by <c>thinking</c> (Anthropic, "Extended thinking", "Adaptive thinking"), Nova 2 by <c>reasoningConfig</c>,
/// OpenAI's open models by <c>reasoning_effort</c>; the others think or do not, whatever is asked.
/// </summary>
internal static class BedrockReasoning
{
    private const string Field = "reasoning_effort";
    private const long SmallestBudget = 1_024;

    /// <summary>Whether thinking goes into the request; names the wish where it cannot be told.</summary>
    public static bool Wanted(ChatRequest request, in BedrockModel model, DroppedFields dropped)
    {
        if (request.Reasoning is not { } reasoning) return false;
        if (reasoning.Enabled == false || reasoning.Effort == "none")
        {
            // Off is how all begin, except those that always think.
            dropped.AddIf(model.Family == BedrockFamily.OpenAi, Field);
            return false;
        }
        if (reasoning.Enabled is null && reasoning.Effort is null && reasoning.BudgetTokens is null) return false;
        var can = model.Family switch
        {
            BedrockFamily.Anthropic => CanClaudeThink(request, model),
            BedrockFamily.Nova2 or BedrockFamily.OpenAi => true,
            _ => false,
        };
        dropped.AddIf(!can, Field);
        return can;
    }

    /// <summary>Writes the family's fields.</summary>
    public static void Write(ChatRequest request, in BedrockModel model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var reasoning = request.Reasoning!;
        var effort = reasoning.Effort ?? (reasoning.BudgetTokens is { } tokens ? ReasoningBudget.EffortOf(tokens) : "medium");
        switch (model.Family)
        {
            case BedrockFamily.Nova2:
                writer.WriteStartObject("reasoningConfig"u8);
                writer.WriteString("type"u8, "enabled"u8);
                writer.WriteString("maxReasoningEffort"u8, NovaEffort(request, effort, dropped));
                writer.WriteEndObject();
                break;
            case BedrockFamily.OpenAi:
                writer.WriteString("reasoning_effort"u8, ThreeWords(effort));
                break;
            case BedrockFamily.Anthropic when model.Thinking == ClaudeThinking.Adaptive:
                writer.WriteStartObject("thinking"u8);
                writer.WriteString("type"u8, "adaptive"u8);
                writer.WriteEndObject();
                writer.WriteStartObject("output_config"u8);
                writer.WriteString("effort"u8, effort is "max" or "xhigh" ? "max" : ThreeWords(effort));
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStartObject("thinking"u8);
                writer.WriteString("type"u8, "enabled"u8);
                writer.WriteNumber("budget_tokens"u8, BudgetOf(request, effort));
                writer.WriteEndObject();
                break;
        }
    }

    // Thinking is refused beside a forced tool, under too small a cap, and in the middle of a tool call whose thought is missing. Each of these says
    // more about what the caller wants than the wish to think.
    private static bool CanClaudeThink(ChatRequest request, in BedrockModel model)
    {
        if (model.Thinking == ClaudeThinking.None || request.ToolChoice is { Kind: ToolChoiceKind.Required or ToolChoiceKind.Named }) return false;
        if (model.Thinking == ClaudeThinking.Budget && request.MaxOutputTokens <= SmallestBudget) return false;
        var messages = request.Messages;
        var last = messages.Count - 1;
        if (last < 0 || messages[last].Role != ChatRole.Tool) return true;
        while (last >= 0 && messages[last].Role == ChatRole.Tool) last--;
        return last < 0 || messages[last].Role != ChatRole.Assistant
            || messages[last].Parts.Exists(static part => part is RedactedThinkingPart or ThinkingPart { Signature.IsEmpty: false });
    }

    // Less than the cap on output, which it is a part of; a word for the effort leaves half of it to the answer.
    private static long BudgetOf(ChatRequest request, string effort)
    {
        var cap = request.MaxOutputTokens ?? long.MaxValue;
        var budget = request.Reasoning!.BudgetTokens is { } tokens ? Math.Min(tokens, cap - 1) : Math.Min(ReasoningBudget.Of(effort) ?? SmallestBudget, cap / 2);
        return Math.Max(SmallestBudget, budget);
    }

    // With high effort Nova takes neither a cap nor sampling.
    private static string NovaEffort(ChatRequest request, string effort, DroppedFields dropped)
    {
        var word = ThreeWords(effort);
        if (word != "high" || (request.MaxOutputTokens is null && request.Temperature is null && request.TopP is null)) return word;
        dropped.Add("reasoning_effort>medium");
        return "medium";
    }

    private static string ThreeWords(string effort) => effort switch
    {
        "minimal" or "low" => "low",
        "high" or "xhigh" or "max" => "high",
        _ => "medium",
    };
}
