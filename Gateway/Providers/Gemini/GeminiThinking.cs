using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Writes <c>thinkingConfig</c> (Gemini API, "Thinking": levels since Gemini 3, a budget in tokens before).</summary>
internal static class GeminiThinking
{
    private const string Effort = "reasoning_effort", Budget = "thinking.budget_tokens";

    /// <summary>Writes the property, if anything is asked that the model can be told.</summary>
    public static void Write(ReasoningOptions? reasoning, long? maxOutput, GeminiModelFamily family, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (reasoning is null or { Enabled: null, Effort: null, BudgetTokens: null, IncludeThoughts: null }) return;
        var isOff = reasoning.Enabled == false || reasoning.Effort == "none" || reasoning is { Effort: null, BudgetTokens: 0 };
        if (!family.Thinks)
        {
            dropped.AddIf(!isOff, reasoning.BudgetTokens is null ? Effort : Budget);
            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        if (family.HasThinkingLevels) WriteLevel(reasoning, isOff, family, writer, dropped);
        else WriteBudget(reasoning, maxOutput, isOff, family, writer, dropped);
        // Who asks for thinking reads the thoughts unless they say that they do not.
        if (!isOff && reasoning.IncludeThoughts != false) writer.WriteBoolean("includeThoughts"u8, true);
        writer.WriteEndObject();
    }

    private static void WriteLevel(ReasoningOptions reasoning, bool isOff, GeminiModelFamily family, Utf8JsonWriter writer, DroppedFields dropped)
    {
        // Only the fast ones know "minimal", and not all of them: low is understood by every one.
        var least = family is { IsFlash: true, Major: 3, Minor: < 7 } ? "minimal" : "low";
        if (isOff)
        {
            // None of this generation can be kept from thinking altogether.
            dropped.Add(Effort);
            writer.WriteString("thinkingLevel"u8, least);
            return;
        }
        var effort = reasoning.Effort ?? (reasoning.BudgetTokens is { } budget ? ReasoningBudget.EffortOf(budget) : null);
        dropped.AddIf(effort is "xhigh" or "max", Effort + ">high");
        var level = effort switch
        {
            "minimal" => least,
            "low" or "medium" or "high" => effort,
            "xhigh" or "max" => "high",
            _ => null,
        };
        dropped.AddIf(effort is not null && level is null, Effort);
        if (level is not null) writer.WriteString("thinkingLevel"u8, level);
    }

    private static void WriteBudget(ReasoningOptions reasoning, long? maxOutput, bool isOff, GeminiModelFamily family, Utf8JsonWriter writer, DroppedFields dropped)
    {
        // "Thinking", table of budgets: 2.5 Pro 128 to 32,768 and never off, Flash 1 to 24,576, Flash-Lite 512 to 24,576.
        var (least, most) = family switch
        {
            { IsPro: true } => (128L, 32_768L),
            { IsLite: true } => (512L, 24_576L),
            _ => (1L, 24_576L),
        };
        if (isOff)
        {
            dropped.AddIf(family.IsPro, Effort);
            writer.WriteNumber("thinkingBudget"u8, family.IsPro ? least : 0);
            return;
        }
        if ((reasoning.BudgetTokens ?? ReasoningBudget.Of(reasoning.Effort)) is not { } budget)
        {
            dropped.AddIf(reasoning.Effort is not null, Effort);
            // The model's own measure.
            if (reasoning.Enabled == true) writer.WriteNumber("thinkingBudget"u8, -1);
            return;
        }
        var name = reasoning.BudgetTokens is null ? Effort : Budget;
        dropped.AddIf(budget > most, $"{name}>{most}");
        dropped.AddIf(budget < least, $"{name}<{least}");
        budget = Math.Clamp(budget, least, most);
        // Thoughts count against the cap on the answer: half of it is left to the words.
        if (budget >= maxOutput) budget = Math.Max(least, maxOutput.Value / 2);
        writer.WriteNumber("thinkingBudget"u8, budget);
    }
}
