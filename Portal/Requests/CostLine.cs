using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Requests;

/// <summary>A line of a request's cost.</summary>
/// <param name="Name">What was paid for.</param>
/// <param name="Quantity">How much of it, as it is read; null for the request itself.</param>
/// <param name="Price">What so much of it costs, in nano-USD; null for the request itself.</param>
/// <param name="Per">How much of it the price is for.</param>
/// <param name="NanoUsd">The amount, rounded for reading; only the record's sum is booked.</param>
public sealed record CostLine(string Name, string? Quantity, long? Price, string? Per, long NanoUsd)
{
    private const decimal Million = 1_000_000m;
    private const decimal MillisecondsPerSecond = 1000m;

    /// <summary>The lines of a request, at the prices of its service tier and of the length of its prompt; what was not used is left out. Without a price there is none to show.</summary>
    public static IReadOnlyList<CostLine> Of(RequestRow request, PriceComponents? price)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (price is null) return [];
        var units = request.Units ?? new();
        var tokens = PriceChoice.TokensOf(price, request.InputTokens, request.CacheReadTokens, request.CacheWriteTokens, request.ServiceTier);
        var audioInput = Part(units.AudioInputTokens, request.InputTokens);
        var audioOutput = Part(units.AudioOutputTokens, request.OutputTokens);
        var hourly = Part(units.CacheWrite1hTokens, request.CacheWriteTokens);
        var lines = new List<CostLine>();
        Tokens("Input", request.InputTokens - audioInput, tokens.Input);
        Tokens("Audio input", audioInput, tokens.AudioInput ?? tokens.Input);
        Tokens("Input read from cache", request.CacheReadTokens, tokens.CacheRead ?? tokens.Input);
        Tokens("Input written to cache", request.CacheWriteTokens - hourly, tokens.CacheWrite ?? tokens.Input);
        Tokens("Input written to cache for an hour", hourly, tokens.CacheWrite1h ?? tokens.CacheWrite ?? tokens.Input);
        Tokens("Output", request.OutputTokens - audioOutput, tokens.Output);
        Tokens("Audio output", audioOutput, tokens.AudioOutput ?? tokens.Output);
        // Tokens may pay for images and audio: those have a line only where they have a price.
        var image = PriceChoice.ImageOf(price, units.ImageSize, units.ImageQuality);
        Units(ImageName(units), units.Images ?? 0, Count(units.Images), image, "one", 1);
        Units("Audio", units.AudioMs ?? 0, Components.Formats.Quantity.Duration((units.AudioMs ?? 0) * 1000), price.Second, "million seconds", Million * MillisecondsPerSecond);
        Units("Characters", units.Characters ?? 0, Count(units.Characters), price.Character, "million", Million);
        Units("Searches", units.Searches ?? 0, Count(units.Searches), price.Search, "one", 1);
        if (price.Request > 0) lines.Add(new("Request", null, null, null, price.Request));
        return lines;

        void Tokens(string name, long count, long perMillion) => Units(name, count, Count(count), perMillion, "million", Million);

        void Units(string name, long count, string quantity, long? each, string per, decimal pricedFor)
        {
            if (count > 0 && each is { } amount) lines.Add(new(name, quantity, amount, per, Round(count * (amount / pricedFor))));
        }
    }

    /// <summary>Which of several prices held: the tier and the step, in words; null = the standard prices.</summary>
    public static string? Choice(RequestRow request, PriceComponents? price)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (price is null) return null;
        return PriceChoice.TokensOf(price, request.InputTokens, request.CacheReadTokens, request.CacheWriteTokens, request.ServiceTier) switch
        {
            PriceTier tier => $"Prices of the service tier {tier.Name}.",
            PriceStep step when price.Steps?.Contains(step) == true => $"Prices of prompts above {Components.Formats.Quantity.Exact(step.Above)} tokens.",
            PriceStep step => $"Prices of the service tier {request.ServiceTier} for prompts above {Components.Formats.Quantity.Exact(step.Above)} tokens.",
            _ => null,
        };
    }

    private static long Part(long? part, long whole) => Math.Clamp(part ?? 0, 0, Math.Max(0, whole));

    private static string ImageName(RecordedUnits units) =>
        string.Join(' ', new[] { "Images", units.ImageSize, units.ImageQuality }.Where(t => !string.IsNullOrEmpty(t)));

    private static string Count(long? count) => Components.Formats.Quantity.Exact(count ?? 0);

    private static long Round(decimal amount) => (long)Math.Min(Math.Round(amount, MidpointRounding.AwayFromZero), long.MaxValue);
}
