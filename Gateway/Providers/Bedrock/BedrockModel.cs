namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Whose model it is, as far as Converse wants it spoken to differently.</summary>
internal enum BedrockFamily
{
    /// <summary>Anything else, and models behind a profile whose name does not tell.</summary>
    Other,

    /// <summary>Claude.</summary>
    Anthropic,

    /// <summary>Amazon's Nova, first generation.</summary>
    Nova,

    /// <summary>Amazon's Nova 2, which can think.</summary>
    Nova2,

    /// <summary>OpenAI's open models.</summary>
    OpenAi,

    /// <summary>Mistral.</summary>
    Mistral,

    /// <summary>Cohere.</summary>
    Cohere,

    /// <summary>Models that take no schema for their answers: Llama, Titan, Jamba.</summary>
    Plain,
}

/// <summary>How Claude is asked to think.</summary>
internal enum ClaudeThinking
{
    /// <summary>It cannot.</summary>
    None,

    /// <summary>With a budget of tokens.</summary>
    Budget,

    /// <summary>By itself, with a word for the effort.</summary>
    Adaptive,
}

/// <summary>What must be known of a model beside its id (Amazon Bedrock user guide, "Inference request parameters", "Structured output").</summary>
/// <param name="Family">Whose it is.</param>
/// <param name="Thinking">How Claude thinks.</param>
/// <param name="TakesSchemas">Whether answers and tools can be held to a schema.</param>
/// <param name="TakesSampling">Whether temperature and the like may be set.</param>
/// <param name="TakesOneSampling">Whether temperature and top_p exclude each other.</param>
/// <param name="TakesCachePoints">Whether a prompt's beginning can be cached.</param>
internal readonly record struct BedrockModel(BedrockFamily Family, ClaudeThinking Thinking, bool TakesSchemas, bool TakesSampling, bool TakesOneSampling, bool TakesCachePoints)
{
    // Every Claude before structured output; what is not listed is newer and can do more.
    private static readonly string[] ClaudesWithoutSchemas =
        ["claude-v2", "claude-instant", "claude-3", "claude-sonnet-4-2", "claude-opus-4-2", "claude-opus-4-1"];

    private static readonly string[] ClaudesWithoutThoughts = ["claude-v2", "claude-instant", "claude-3-5", "claude-3-haiku", "claude-3-sonnet", "claude-3-opus"];

    private static readonly string[] ClaudesWithoutCache = ["claude-v2", "claude-instant", "claude-3-haiku", "claude-3-sonnet", "claude-3-opus", "claude-3-5-sonnet-20240620"];

    private static readonly string[] ClaudesWithBudget =
        ["claude-3-7", "claude-sonnet-4-2", "claude-opus-4-2", "claude-opus-4-1", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5"];

    private static readonly string[] ClaudesWithOneSampling =
        ["claude-opus-4-1", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-6", "claude-opus-4-6"];

    /// <summary>Reads it from an id: <c>anthropic.claude-...</c>, <c>us.amazon.nova-...</c>, or the ARN of one.</summary>
    public static BedrockModel Of(string id)
    {
        if (Has(id, "anthropic."))
        {
            var thinking = HasAny(id, ClaudesWithoutThoughts) ? ClaudeThinking.None : HasAny(id, ClaudesWithBudget) ? ClaudeThinking.Budget : ClaudeThinking.Adaptive;
            var takesOne = HasAny(id, ClaudesWithOneSampling);
            return new(BedrockFamily.Anthropic, thinking, !HasAny(id, ClaudesWithoutSchemas), thinking != ClaudeThinking.Adaptive || takesOne, takesOne, !HasAny(id, ClaudesWithoutCache));
        }
        if (Has(id, "amazon.nova-2")) return Plain(BedrockFamily.Nova2);
        if (Has(id, "amazon.nova")) return Plain(BedrockFamily.Nova);
        if (Has(id, "openai.")) return Open(BedrockFamily.OpenAi);
        if (Has(id, "mistral.")) return Open(BedrockFamily.Mistral);
        if (Has(id, "cohere.")) return Plain(BedrockFamily.Cohere);
        return Has(id, "meta.") || Has(id, "amazon.titan") || Has(id, "ai21.") ? Plain(BedrockFamily.Plain) : Open(BedrockFamily.Other);
    }

    private static BedrockModel Plain(BedrockFamily family) => new(family, ClaudeThinking.None, TakesSchemas: false, TakesSampling: true, TakesOneSampling: false, family is BedrockFamily.Nova or BedrockFamily.Nova2);

    private static BedrockModel Open(BedrockFamily family) => new(family, ClaudeThinking.None, TakesSchemas: true, TakesSampling: true, TakesOneSampling: false, family == BedrockFamily.Other);

    private static bool Has(string id, string part) => id.Contains(part, StringComparison.Ordinal);

    private static bool HasAny(string id, string[] parts) => Array.Exists(parts, part => Has(id, part));
}
