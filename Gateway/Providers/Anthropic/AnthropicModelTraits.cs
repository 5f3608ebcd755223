using System.Globalization;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// What a model takes, as far as its name tells: the API refuses with 400 what a generation no longer knows, and has no way to ask. Names carry the
/// version as <c>claude-opus-4-7</c>, <c>claude-3-7-sonnet-20250219</c> or <c>claude-opus-4.7</c>. A model without one, such as another vendor's behind this
/// protocol, is treated as the protocol was first published.
/// </summary>
/// <param name="Version">Major version times ten plus the minor; null = not told.</param>
/// <param name="Family"><c>opus</c>, <c>sonnet</c> ...; empty = not told.</param>
internal sealed record AnthropicModelTraits(int? Version, string Family)
{
    /// <summary>Whether thinking is asked for as <c>adaptive</c> with an effort. From 4.6 on.</summary>
    public bool IsAdaptive => Version >= 46;

    /// <summary>Whether a budget of thinking tokens is understood. Until 4.6.</summary>
    public bool TakesBudget => !(Version >= 47);

    /// <summary>Whether temperature, top_p and top_k are understood. Until 4.6.</summary>
    public bool TakesSampling => !(Version >= 47);

    /// <summary>Whether temperature and top_p may be given together. Until 4.0.</summary>
    public bool TakesBothSamplings => !(Version >= 41);

    /// <summary>Whether the answer can be bound to a schema. From 4.1 on.</summary>
    public bool TakesSchema => !(Version < 41);

    /// <summary>Whether the effort may be <c>xhigh</c>. From 4.7 on.</summary>
    public bool TakesExtraEffort => Version >= 47;

    /// <summary>Whether a tool can be demanded. Not from 5.5 on, nor by the families that always think.</summary>
    public bool TakesForcedTool => !(Version >= 55) && !IsAlwaysThinking;

    /// <summary>
    /// The smallest beginning of a prompt that is kept, in tokens (Anthropic, "Prompt caching", cache limitations): 4,096 for Opus and Haiku from 4.5 on and for what is not told, 2,048 for older Haikus and
    /// for Sonnet from 4.6 on, of which 1,024 is documented but does not hold, and 1,024 for the others. A mark on less is ignored, so too much costs less than too little.
    /// </summary>
    public int LeastCachedTokens => Family switch
    {
        "opus" => Version >= 45 ? 4_096 : 1_024,
        "haiku" => Version >= 45 ? 4_096 : 2_048,
        "sonnet" => Version >= 46 ? 2_048 : 1_024,
        _ => 4_096,
    };

    /// <summary>How no thinking is said.</summary>
    public NoThinking NoThinking =>
        IsAlwaysThinking ? NoThinking.Impossible
        : Version is null or < 50 ? NoThinking.Default
        : Version < 55 ? NoThinking.Disabled
        : Family == "sonnet" ? NoThinking.BetweenTools
        : NoThinking.Impossible;

    private bool IsAlwaysThinking => Family is "fable" or "mythos";

    /// <summary>Reads a name.</summary>
    public static AnthropicModelTraits Of(string model)
    {
        var at = model.IndexOf("claude", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return new(null, "");
        var family = "";
        int? major = null, minor = null;
        foreach (var word in model[(at + "claude".Length)..].Split(['-', '.', '@', ':', '_', '/'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                // A longer number is a date.
                if (number > 99) break;
                if (major is null) major = number;
                else minor ??= number;
            }
            // Amazon's "v1:0" behind the name is no version of the model.
            else if (word is ['v', >= '0' and <= '9', ..])
            {
                break;
            }
            else if (family.Length == 0)
            {
                family = word.ToLowerInvariant();
            }
        }
        return new(major * 10 + Math.Min(minor ?? 0, 9), family);
    }
}

/// <summary>How a model is told not to think.</summary>
internal enum NoThinking
{
    /// <summary>By saying nothing.</summary>
    Default,

    /// <summary>By <c>disabled</c>.</summary>
    Disabled,

    /// <summary>By <c>between_tools</c>, which leaves short notes between tool calls.</summary>
    BetweenTools,

    /// <summary>Not at all.</summary>
    Impossible,
}
