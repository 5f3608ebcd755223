using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers;

/// <summary>What a reply says about itself, whole or as far as its stream has come.</summary>
internal sealed class ReplyFacts
{
    // Few replies have any.
    private System.Runtime.CompilerServices.StrongBox<UnitUsage>? units;

    /// <summary>Tokens that the provider reports; null = it reported none (yet).</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>The service tier that the provider says it served in, in its own word; null = it did not say.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>The model that the provider says it used.</summary>
    public string? ServedModel { get; set; }

    /// <summary>Bytes of answer text seen, for an estimate where no usage is reported.</summary>
    public long ContentBytes { get; set; }

    /// <summary>Stream events that carried a piece of the answer.</summary>
    public long ContentEvents { get; set; }

    /// <summary>Whether the answer says that it is complete (a finish reason was given).</summary>
    public bool IsFinished { get; set; }

    /// <summary>What it says was used besides tokens.</summary>
    public UnitUsage Units
    {
        get => units?.Value ?? default;
        set => units = value.IsEmpty && value.ImageSize is null && value.ImageQuality is null ? null : new(value);
    }

    /// <summary>The provider's media type without parameters; null = none was sent, or nobody asks.</summary>
    public string? MediaType { get; set; }
}
