using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>Reads how much the model shall think: <c>thinking</c> and <c>output_config.effort</c> ("Extended thinking", "Adaptive thinking", "Effort").</summary>
internal static class AnthropicReasoning
{
    /// <summary>Fills the wish for reasoning; null = it is acceptable.</summary>
    public static Refusal? Read(JsonElement thinking, JsonElement outputConfig, ChatRequest request)
    {
        var effort = EffortIn(outputConfig, request);
        if (thinking.ValueKind != JsonValueKind.Object)
        {
            if (effort is not null) request.Reasoning = new ReasoningOptions { Effort = effort };
            return null;
        }
        var type = thinking.TryGetProperty("type"u8, out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        switch (type)
        {
            case "disabled" or "between_tools":
                request.Reasoning = new ReasoningOptions { Enabled = false };
                // Without thoughts the effort is a matter of length, for which there is no neutral word.
                if (effort is not null) request.Unmapped.Add("output_config.effort");
                return null;
            case "enabled":
                if (!thinking.TryGetProperty("budget_tokens"u8, out var budget) || !AnthropicParameters.TryWhole(budget, out var tokens) || tokens < 1)
                    return Refusal.InvalidRequest("Field 'thinking.budget_tokens' must be a whole number, at least 1024 and below 'max_tokens'.", "thinking.budget_tokens");
                request.Reasoning = new ReasoningOptions { Enabled = true, BudgetTokens = tokens, Effort = effort, IncludeThoughts = AreShown(thinking) };
                return null;
            case "adaptive":
                request.Reasoning = new ReasoningOptions { Enabled = true, Effort = effort, IncludeThoughts = AreShown(thinking) };
                return null;
            default:
                return Refusal.InvalidRequest("Field 'thinking.type' must be 'enabled', 'adaptive' or 'disabled'.", "thinking.type");
        }
    }

    private static bool AreShown(JsonElement thinking) =>
        !(thinking.TryGetProperty("display"u8, out var display) && display.ValueKind == JsonValueKind.String && display.ValueEquals("omitted"u8));

    private static string? EffortIn(JsonElement outputConfig, ChatRequest request)
    {
        if (outputConfig.ValueKind != JsonValueKind.Object) return null;
        string? effort = null;
        foreach (var property in outputConfig.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null || property.NameEquals("format"u8)) continue;
            if (property.NameEquals("effort"u8) && property.Value.ValueKind == JsonValueKind.String)
                effort = property.Value.GetString() switch { "max" => "xhigh", var word => word };
            else
                request.Unmapped.Add("output_config." + property.Name);
        }
        return effort;
    }
}
