using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Neutral;

/// <summary>An embeddings request in no provider's words.</summary>
internal sealed class EmbeddingsRequest
{
    /// <summary>The texts.</summary>
    public List<JsonText> Inputs { get; } = [];

    /// <summary>True when the caller sent token numbers instead of text, which only OpenAI's protocol takes.</summary>
    public bool HasTokenInputs { get; set; }

    /// <summary>Length of the vectors; null = the model's own.</summary>
    public int? Dimensions { get; set; }

    /// <summary>Whether vectors are wanted as base64 of little-endian 32-bit floats. OpenAI's SDKs ask for it unless told otherwise.</summary>
    public bool WantsBase64 { get; set; }

    /// <summary>Names of the caller's fields that have no place here.</summary>
    public List<string> Unmapped { get; } = [];
}

/// <summary>An embeddings reply in no provider's words.</summary>
internal sealed class EmbeddingsReply
{
    /// <summary>The vectors, in the order of the inputs.</summary>
    public List<float[]> Vectors { get; } = [];

    /// <summary>The model that the provider says it used.</summary>
    public JsonText Model { get; set; }

    /// <summary>Tokens; null = not reported.</summary>
    public TokenUsage? Usage { get; set; }
}
