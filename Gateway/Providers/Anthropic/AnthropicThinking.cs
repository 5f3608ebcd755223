using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>What becomes of the caller's wish for reasoning (Anthropic, "Extended thinking", "Adaptive thinking", "Effort").</summary>
/// <param name="Type">The word of <c>thinking.type</c>; null = the field is left out.</param>
/// <param name="Budget">Tokens under <c>enabled</c>.</param>
/// <param name="Effort">The word of <c>output_config.effort</c>; null = left out.</param>
/// <param name="Display">The word of <c>thinking.display</c>; null = left out.</param>
internal sealed record AnthropicThinking(string? Type = null, long Budget = 0, string? Effort = null, string? Display = null)
{
    /// <summary>The smallest budget that the API takes.</summary>
    public const long LeastBudget = 1024;

    private static readonly AnthropicThinking Nothing = new();

    /// <summary>Whether the model was told to think.</summary>
    public bool IsOn => Type is "enabled" or "adaptive";

    /// <summary>Decides. What cannot be said is named in <paramref name="dropped"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="maxTokens">The cap on the answer, thoughts included.</param>
    /// <param name="forcesTool">Whether a tool is demanded, which excludes thinking.</param>
    /// <param name="dropped">Names of what is left out.</param>
    public static AnthropicThinking Of(ChatRequest request, AnthropicModelTraits model, long maxTokens, bool forcesTool, DroppedFields dropped)
    {
        if (request.Reasoning is not { } wish) return Nothing;
        if (wish.Enabled == false || wish.Effort == "none") return Off(model, dropped);
        if (forcesTool)
        {
            dropped.Add("reasoning_effort");
            return Nothing;
        }
        var wantsBudget = wish.BudgetTokens is not null && model.TakesBudget;
        return model.IsAdaptive && !wantsBudget ? Adaptive(wish, model) : Enabled(request, wish, maxTokens, dropped);
    }

    private static AnthropicThinking Off(AnthropicModelTraits model, DroppedFields dropped)
    {
        switch (model.NoThinking)
        {
            case NoThinking.Disabled:
                return new("disabled");
            case NoThinking.BetweenTools:
                return new("between_tools");
            case NoThinking.Impossible:
                // The least that it can do, and not what was asked.
                dropped.Add("reasoning_effort");
                return new(Effort: "low");
            default:
                return Nothing;
        }
    }

    private static AnthropicThinking Adaptive(ReasoningOptions wish, AnthropicModelTraits model)
    {
        var effort = wish.Effort ?? (wish.BudgetTokens is { } budget ? ReasoningBudget.EffortOf(budget) : null);
        return new("adaptive")
        {
            Effort = effort switch
            {
                "minimal" => "low",
                "xhigh" => model.TakesExtraEffort ? "xhigh" : "high",
                "low" or "medium" or "high" or "max" => effort,
                _ => null,
            },
            Display = wish.IncludeThoughts switch { true => "summarized", false => "omitted", null => null },
        };
    }

    private static AnthropicThinking Enabled(ChatRequest request, ReasoningOptions wish, long maxTokens, DroppedFields dropped)
    {
        var budget = BudgetOf(wish);
        // There must be room for the thoughts and for the answer behind them. And a turn that called tools without thinking cannot go on with it.
        if (maxTokens <= LeastBudget || IsInUnthinkingToolLoop(request))
        {
            dropped.Add("reasoning_effort");
            return Nothing;
        }
        if (budget < maxTokens) return new("enabled", budget);
        if (wish.BudgetTokens is not null) dropped.Add("reasoning.max_tokens>max_tokens");
        return new("enabled", Math.Max(LeastBudget, maxTokens / 2));
    }

    /// <summary>The budget that a wish means, before the cap on the answer is looked at.</summary>
    public static long BudgetOf(ReasoningOptions wish) =>
        Math.Max(LeastBudget, wish.BudgetTokens ?? ReasoningBudget.Of(wish.Effort) ?? ReasoningBudget.Of("medium")!.Value);

    private static bool IsInUnthinkingToolLoop(ChatRequest request)
    {
        for (var i = request.Messages.Count - 1; i >= 0; i--)
        {
            var message = request.Messages[i];
            if (message.Role == ChatRole.Tool) continue;
            return message.Role == ChatRole.Assistant
                && message.Parts.Exists(part => part is ToolCallPart)
                && !message.Parts.Exists(part => part is ThinkingPart { Signature.IsEmpty: false } or RedactedThinkingPart);
        }
        return false;
    }
}
