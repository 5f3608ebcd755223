namespace AspireGateway.Gateway.Neutral;

/// <summary>
/// A chat request in no provider's words: what callers of every dialect can say and some provider understands. Readers of dialects fill it, writers of
/// protocols write it; whoever meets something that has no place here or there says so by name (<see cref="Unmapped"/>, <see cref="DroppedFields"/>).
/// Texts are slices of the caller's body and live as long as it.
/// </summary>
internal sealed class ChatRequest
{
    /// <summary>The conversation, oldest first; system and developer messages where the caller put them.</summary>
    public List<ChatMessage> Messages { get; } = [];

    /// <summary>Tools that the model may call.</summary>
    public List<ToolDefinition> Tools { get; } = [];

    /// <summary>Whether and which tool it must call; null = the provider's default (auto).</summary>
    public ToolChoice? ToolChoice { get; set; }

    /// <summary>Whether several tools may be called at once; null = the provider's default.</summary>
    public bool? ParallelToolCalls { get; set; }

    /// <summary>The form of the answer; null = text.</summary>
    public ResponseFormat? ResponseFormat { get; set; }

    /// <summary>Cap on output tokens.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Sampling temperature, 0 to 2 as OpenAI counts it.</summary>
    public double? Temperature { get; set; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    public double? TopP { get; set; }

    /// <summary>Sampling among the k likeliest.</summary>
    public int? TopK { get; set; }

    /// <summary>Seed.</summary>
    public long? Seed { get; set; }

    /// <summary>Frequency penalty, -2 to 2.</summary>
    public double? FrequencyPenalty { get; set; }

    /// <summary>Presence penalty, -2 to 2.</summary>
    public double? PresencePenalty { get; set; }

    /// <summary>OpenAI's <c>logit_bias</c> object.</summary>
    public JsonRaw LogitBias { get; set; }

    /// <summary>How many answers.</summary>
    public int? Choices { get; set; }

    /// <summary>Whether log probabilities are wanted.</summary>
    public bool? Logprobs { get; set; }

    /// <summary>How many alternatives each.</summary>
    public int? TopLogprobs { get; set; }

    /// <summary>Texts at which the answer ends.</summary>
    public List<JsonText> Stop { get; } = [];

    /// <summary>How much the model shall think; null = not said.</summary>
    public ReasoningOptions? Reasoning { get; set; }

    /// <summary>OpenAI's <c>service_tier</c> word.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>The end user as the body names them.</summary>
    public JsonText UserId { get; set; }

    /// <summary>Whether a stream is asked for.</summary>
    public bool Stream { get; set; }

    /// <summary>Names of the caller's fields that have no place here, as paths (<c>store</c>, <c>audio</c>, <c>messages[2].content[0].foo</c>). Reported as dropped.</summary>
    public List<string> Unmapped { get; } = [];
}

/// <summary>Who speaks.</summary>
internal enum ChatRole
{
    /// <summary>Instructions of the application (<c>system</c>).</summary>
    System,

    /// <summary>Instructions of the application in OpenAI's newer word.</summary>
    Developer,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>Results of tools: its parts are <see cref="ToolResultPart"/>s and nothing else.</summary>
    Tool,
}

/// <summary>One turn. A reader whose dialect mixes tool results with a user's words splits them into a <see cref="ChatRole.Tool"/> message followed by a user's.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">What is said.</param>
internal sealed record ChatMessage(ChatRole Role, List<ContentPart> Parts)
{
    /// <summary>OpenAI's <c>name</c> of the participant.</summary>
    public JsonText Name { get; init; }
}

/// <summary>A tool that the model may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">JSON schema of its arguments; absent = none.</param>
internal sealed record ToolDefinition(JsonText Name, JsonText Description, JsonRaw Schema)
{
    /// <summary>OpenAI's <c>strict</c>.</summary>
    public bool? Strict { get; init; }

    /// <summary>Where a prompt cache may end.</summary>
    public CacheMarker? Cache { get; init; }
}

/// <summary>How tools are chosen.</summary>
internal enum ToolChoiceKind
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No tool.</summary>
    None,

    /// <summary>At least one tool, whichever.</summary>
    Required,

    /// <summary>This tool.</summary>
    Named,
}

/// <summary>How tools are chosen.</summary>
/// <param name="Kind">The rule.</param>
/// <param name="Name">The tool under <see cref="ToolChoiceKind.Named"/>.</param>
internal sealed record ToolChoice(ToolChoiceKind Kind, JsonText Name = default);

/// <summary>The form of the answer: any JSON object (no schema), or JSON by a schema.</summary>
/// <param name="Schema">The schema; absent = any JSON object.</param>
/// <param name="Name">OpenAI's name of the schema.</param>
/// <param name="Strict">OpenAI's <c>strict</c>.</param>
internal sealed record ResponseFormat(JsonRaw Schema, JsonText Name = default, bool? Strict = null)
{
    /// <summary>OpenAI's description of the schema.</summary>
    public JsonText Description { get; init; }
}

/// <summary>How much the model shall think.</summary>
internal sealed record ReasoningOptions
{
    /// <summary>False = not at all (Anthropic's <c>disabled</c>, OpenAI's effort <c>none</c>); null = not said.</summary>
    public bool? Enabled { get; init; }

    /// <summary>OpenAI's word: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>; null = not said.</summary>
    public string? Effort { get; init; }

    /// <summary>Tokens it may spend; null = not said. <see cref="ReasoningBudget"/> converts between effort and budget.</summary>
    public long? BudgetTokens { get; init; }

    /// <summary>Whether the thoughts or their summary are wanted in the answer; null = not said.</summary>
    public bool? IncludeThoughts { get; init; }
}

/// <summary>The end of a stretch of the prompt that the provider may cache.</summary>
/// <param name="Ttl">Anthropic's word for how long, e.g. <c>1h</c>; null = its default of five minutes.</param>
internal sealed record CacheMarker(string? Ttl);
