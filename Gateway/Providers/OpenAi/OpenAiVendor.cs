using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>What a vendor or server that speaks OpenAI's protocol does differently. Data, read once from the files in <c>Vendors</c>.</summary>
internal sealed record OpenAiVendor
{
    /// <summary>Name in provider configurations.</summary>
    public required string Protocol { get; init; }

    /// <summary>Where it lives unless a provider is configured otherwise; a server of one's own: its usual local address.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The field for the cap on output tokens in bodies that the gateway writes.</summary>
    public required string MaxTokensField { get; init; }

    /// <summary>Whether <c>stream_options</c> is understood. False: usage comes by itself, and the field would be refused.</summary>
    public bool StreamOptions { get; set; } = true;

    /// <summary>Whether the role <c>developer</c> is understood; else it becomes <c>system</c>.</summary>
    public bool DeveloperRole { get; set; }

    /// <summary>Top-level fields that it refuses or, worse, ignores: left out and named to the caller.</summary>
    public string[] Drop { get; set; } = [];

    /// <summary>Top-level fields that have another name there.</summary>
    public Dictionary<string, string> Rename { get; set; } = [];

    /// <summary>How it is told how much to think.</summary>
    public ReasoningRequest Reasoning { get; set; } = ReasoningRequest.Effort;

    /// <summary>The field in which it answers its thoughts; null = it does not tell them.</summary>
    public string? ReasoningField { get; set; }

    /// <summary>How it takes back what it thought in earlier turns.</summary>
    public ReasoningHistory ReasoningHistory { get; set; }

    /// <summary>Whether a JSON schema of the answer is taken.</summary>
    public bool JsonSchema { get; set; } = true;

    /// <summary>Whether <c>top_k</c> is taken.</summary>
    public bool TopK { get; set; }

    /// <summary>Whether <c>cache_control</c> markers are taken on parts.</summary>
    public bool CacheControl { get; set; }

    /// <summary>Whether <c>prompt_cache_key</c> is taken, in chats and Responses.</summary>
    public bool CacheKey { get; set; }

    /// <summary>Whether pictures may be given by address.</summary>
    public bool ImageUrls { get; set; } = true;

    /// <summary>Whether documents are taken as <c>file</c> parts.</summary>
    public bool Files { get; set; }

    /// <summary>Whether sound is taken as <c>input_audio</c> parts.</summary>
    public bool Audio { get; set; }

    /// <summary>Whether ids of tool calls must be nine letters or digits.</summary>
    public bool ShortToolIds { get; set; }

    /// <summary>Whether embeddings can be had as base64, which OpenAI's SDKs ask for unless told otherwise.</summary>
    [JsonPropertyName("base64Embeddings")]
    public bool SupportsBase64Embeddings { get; set; }

    /// <summary>Whether it has OpenAI's Responses API.</summary>
    public bool Responses { get; set; }

    /// <summary>The operations beside chats and embeddings that it has, by their names in records; null = all, as far as anybody knows.</summary>
    public string[]? Operations { get; init; }

    /// <summary>Whether bodies of its own dialect must be looked through for fields to change.</summary>
    [JsonIgnore]
    public bool ChangesFields => Drop.Length > 0 || Rename.Count > 0 || !StreamOptions || !DeveloperRole;

    /// <summary>Whether a field is left out.</summary>
    public bool Drops(string field) => Array.IndexOf(Drop, field) >= 0;

    /// <summary>The name that a field has there.</summary>
    public string NameOf(string field) => Rename.GetValueOrDefault(field, field);
}

/// <summary>How a vendor is told how much to think.</summary>
internal enum ReasoningRequest
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>OpenAI's <c>reasoning_effort</c>.</summary>
    Effort,

    /// <summary>OpenRouter's <c>reasoning</c> object.</summary>
    Object,

    /// <summary>DeepSeek's <c>thinking</c> object: on or off.</summary>
    Switch,
}

/// <summary>How a vendor takes back what it thought.</summary>
internal enum ReasoningHistory
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Words in <c>reasoning_content</c>.</summary>
    Content,

    /// <summary>Words in <c>reasoning</c>.</summary>
    Reasoning,

    /// <summary>Words with their proof in <c>reasoning_details</c>.</summary>
    Details,
}
