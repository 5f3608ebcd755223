using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Content;

/// <summary>What is encrypted of one request.</summary>
public sealed record ContentTexts
{
    /// <summary>What was asked: the body as the policy keeps it; null = it is not kept.</summary>
    public string? Prompt { get; init; }

    /// <summary>What was answered: the body, of a stream the texts that its events make; null = it is not kept.</summary>
    public string? Reply { get; init; }
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContentTexts))]
public sealed partial class ContentJson : JsonSerializerContext;
