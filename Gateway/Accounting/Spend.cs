using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Accounting;

/// <summary>What a request used and what that cost.</summary>
/// <param name="Usage">Tokens by class.</param>
/// <param name="CostNanoUsd">Cost in nano-USD.</param>
/// <param name="PriceVersionId">The price used; null = the deployment has none.</param>
/// <param name="IsEstimated">True when the provider reported no usage, or the price says nothing of what was used.</param>
internal sealed record Spend(TokenUsage Usage, long CostNanoUsd, Guid? PriceVersionId, bool IsEstimated)
{
    // Few requests have any.
    private readonly System.Runtime.CompilerServices.StrongBox<UnitUsage>? units;
    private readonly System.Runtime.CompilerServices.StrongBox<long>? prefixSaved;

    /// <summary>What was used besides tokens.</summary>
    public UnitUsage Units
    {
        get => units?.Value ?? default;
        init => units = value.IsEmpty ? null : new(value);
    }

    /// <summary>The service tier that served, in the provider's word; null = it did not say.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>What the provider's prompt cache saved, net of what writing to it cost more, in nano-USD; null = no token was read from it or written to it, or there is no price.</summary>
    public long? PrefixSavedNanoUsd
    {
        get => prefixSaved?.Value;
        init => prefixSaved = value is { } nanoUsd ? new(nanoUsd) : null;
    }

    /// <summary>Nothing was used.</summary>
    public static readonly Spend None = new(default, 0, null, IsEstimated: false);
}
