namespace AspireGateway.Gateway.Neutral;

/// <summary>
/// Between OpenAI's word for effort and the budget in tokens of Anthropic and Gemini. There is no official table; these are the figures that Google
/// publishes for its OpenAI compatibility (low 1,024, medium 8,192, high 24,576), continued at both ends.
/// </summary>
internal static class ReasoningBudget
{
    /// <summary>Tokens for an effort; null = the word is unknown or means none.</summary>
    public static long? Of(string? effort) => effort switch
    {
        "minimal" or "low" => 1_024,
        "medium" => 8_192,
        "high" => 24_576,
        "xhigh" or "max" => 32_768,
        _ => null,
    };

    /// <summary>The effort that comes nearest to a budget.</summary>
    public static string EffortOf(long budget) => budget switch
    {
        <= 0 => "none",
        <= 2_048 => "low",
        <= 12_288 => "medium",
        _ => "high",
    };
}
