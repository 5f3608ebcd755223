using System.Runtime.InteropServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>The dearest that a million tokens of a request can cost, whichever class, step and tier the provider counts them in.</summary>
/// <param name="Input">Nano-USD of a million input tokens.</param>
/// <param name="Output">Nano-USD of a million output tokens.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DearestPrices(long Input, long Output)
{
    /// <summary>Looks through the standard prices and those of the tier asked for: a provider may fall back from one to the other.</summary>
    /// <param name="price">The price.</param>
    /// <param name="facts">The request.</param>
    /// <param name="deployment">Where it goes.</param>
    /// <param name="inputTokens">The most input that it can have, which decides the steps that may hold.</param>
    public static DearestPrices Of(PriceComponents price, RequestFacts facts, DeploymentSnapshot deployment, long inputTokens)
    {
        var unusual = facts.Unusual;
        var isChat = facts.Operation?.Kind is null or OperationKind.Chat;
        var classes = new Classes(
            // Only where nothing is cached unless it is marked can a missing mark be relied on.
            CacheWrite: !isChat || unusual is { Cache: not CacheWish.None } || facts.PrefixWish != CacheWish.None || deployment.Provider.Protocol is not ("anthropic" or "bedrock"),
            LongCacheWrite: unusual is { Cache: CacheWish.Hour } || facts.PrefixWish == CacheWish.Hour || facts.Operation?.Kind == OperationKind.PassThrough,
            AudioInput: !isChat || unusual is { Recordings: > 0 } or { HasUnknownInput: true } or { ServerTools: > 0 },
            AudioOutput: !isChat || unusual is { MaySpeak: true });

        var dearest = Dearest(default, price, price.Steps, classes, inputTokens);
        if (unusual?.ServiceTier is { } asked && price.Tiers is { } tiers)
        {
            for (var i = 0; i < tiers.Count; i++)
                if (string.Equals(tiers[i].Name, asked, StringComparison.OrdinalIgnoreCase)) return Dearest(dearest, tiers[i], tiers[i].Steps, classes, inputTokens);
        }
        if (isChat || price.Tiers is not { } all) return dearest;
        // What was asked for in a provider's own API nobody has read.
        for (var i = 0; i < all.Count; i++) dearest = Dearest(dearest, all[i], all[i].Steps, classes, inputTokens);
        return dearest;
    }

    private static DearestPrices Dearest(DearestPrices before, TokenPrices prices, IReadOnlyList<PriceStep>? steps, in Classes classes, long inputTokens)
    {
        var dearest = before.Or(prices, classes);
        for (var i = 0; i < (steps?.Count ?? 0); i++)
            if (inputTokens > steps![i].Above) dearest = dearest.Or(steps[i], classes);
        return dearest;
    }

    private DearestPrices Or(TokenPrices prices, in Classes classes)
    {
        var input = Math.Max(Math.Max(Input, prices.Input), prices.CacheRead ?? 0);
        if (classes.CacheWrite) input = Math.Max(input, prices.CacheWrite ?? 0);
        if (classes.LongCacheWrite) input = Math.Max(input, Math.Max(prices.CacheWrite ?? 0, prices.CacheWrite1h ?? 0));
        if (classes.AudioInput) input = Math.Max(input, prices.AudioInput ?? 0);
        var output = Math.Max(Output, prices.Output);
        if (classes.AudioOutput) output = Math.Max(output, prices.AudioOutput ?? 0);
        return new(input, output);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Classes(bool CacheWrite, bool LongCacheWrite, bool AudioInput, bool AudioOutput);
}
