using System.Runtime.InteropServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>
/// What a request can cost at the very most on one deployment: <c>InputNanoUsd + t * OutputTokenNanoUsd</c> for answers of at most t tokens each, t up to
/// <see cref="MaxOutputTokens"/>. It holds as long as the provider is told that cap (<see cref="RequestFacts.OutputCap"/>) and keeps to it.
/// </summary>
/// <param name="InputNanoUsd">All but the output tokens, in nano-USD, rounded up.</param>
/// <param name="OutputTokenNanoUsd">One output token of every choice, in nano-USD, rounded up.</param>
/// <param name="MaxOutputTokens">Output tokens of each choice; 0 for operations that answer in none.</param>
/// <param name="InputTokens">Input tokens, all classes together.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpendBound(long InputNanoUsd, long OutputTokenNanoUsd, long MaxOutputTokens, long InputTokens)
{
    // Thousandths of a millionth of a nano-USD: what a million of cost so much, and a thousandth of that for milliseconds.
    private const long ThousandthsPerNano = 1_000_000_000;
    // A server's tool that searches: of each no more than so many searches in one request (Anthropic lets the caller cap them by max_uses).
    private const long SearchesPerServerTool = 20;
    // Cohere, "Rerank pricing": a search has 100 documents, of which those above 500 tokens count as several.
    private const long DocumentsPerSearch = 100, BytesPerDocument = 100;
    // Slow speech: 15 characters a second at a quarter of the speed.
    private const long MillisecondsPerCharacter = 400;

    /// <summary>The cost at the very most, in nano-USD; <see cref="long.MaxValue"/> rather than an overflow.</summary>
    public long WorstNanoUsd => CostWith(MaxOutputTokens);

    /// <summary>The cost at the very most of answers that are capped at so many tokens each.</summary>
    public long CostWith(long outputTokens) => Saturated((Int128)InputNanoUsd + (Int128)Math.Max(0, outputTokens) * OutputTokenNanoUsd);

    /// <summary>The bound for a request on a deployment.</summary>
    /// <param name="facts">The request, as read.</param>
    /// <param name="deployment">Where it would go.</param>
    /// <param name="price">The price that holds; null = none, so nothing is booked.</param>
    /// <param name="keyCap">The key's own cap on output tokens; null = none.</param>
    public static SpendBound Of(RequestFacts facts, DeploymentSnapshot deployment, PriceSnapshot? price, long? keyCap)
    {
        // Vendors count tokens for nothing.
        if (facts.Operation?.Kind == OperationKind.CountTokens) return default;
        var input = InputBound.Of(facts, deployment);
        var output = OutputBound.Of(facts, deployment, keyCap);
        if (price is null) return new(0, 0, output, input);

        var components = price.Components;
        var dearest = DearestPrices.Of(components, facts, deployment, input);
        var perToken = (Int128)CeilingOf(dearest.Output, 1_000_000) * OutputBound.ChoicesOf(facts);
        var rest = (Int128)input * dearest.Input + (Int128)(facts.Unusual?.PredictionBytes ?? 0) * dearest.Output;
        return new(Saturated(UnitsOf(components, facts, rest * 1000)), Saturated(perToken), output, input);
    }

    private static Int128 UnitsOf(PriceComponents price, RequestFacts facts, Int128 thousandths)
    {
        var units = facts.Units;
        thousandths += (Int128)units.Characters * (price.Character ?? 0) * 1000;
        thousandths += (Int128)MillisecondsOf(facts) * (price.Second ?? 0);
        return (Int128)price.Request + (Int128)units.Images * ImageOf(price, units.ImageSize, units.ImageQuality) + (Int128)SearchesOf(facts) * (price.Search ?? 0)
            + (thousandths + ThousandthsPerNano - 1) / ThousandthsPerNano;
    }

    private static long MillisecondsOf(RequestFacts facts) =>
        facts.Form is not null ? Math.Max(facts.Units.Milliseconds, RecordingBound.MillisecondsOf(facts.Body.Length))
        : facts.Operation == Operation.Speech ? facts.Units.Characters * MillisecondsPerCharacter
        : facts.Units.Milliseconds;

    private static long SearchesOf(RequestFacts facts)
    {
        if (facts.Operation == Operation.Rerank)
            return Math.Max(facts.Units.Searches, CeilingOf(facts.Messages + facts.TextBytes / BytesPerDocument, DocumentsPerSearch));
        return facts.Units.Searches + (facts.Unusual?.ServerTools ?? 0) * SearchesPerServerTool;
    }

    /// <summary>The price of an image of which the caller named size and quality; else the dearest, since the provider chooses.</summary>
    private static long ImageOf(PriceComponents price, string? size, string? quality)
    {
        if (size is not null && quality is not null) return PriceChoice.ImageOf(price, size, quality) ?? 0;
        var dearest = 0L;
        for (var i = 0; i < (price.Images?.Count ?? 0); i++) dearest = Math.Max(dearest, price.Images![i].Price);
        return dearest;
    }

    private static long CeilingOf(long value, long divisor) => value / divisor + (value % divisor > 0 ? 1 : 0);

    private static long Saturated(Int128 value) => value > long.MaxValue ? long.MaxValue : value < 0 ? 0 : (long)value;
}
