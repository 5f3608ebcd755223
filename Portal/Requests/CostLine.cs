using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Requests;

/// <summary>A line of a request's cost.</summary>
/// <param name="Name">What was paid for.</param>
/// <param name="Tokens">How many tokens; null for the request itself.</param>
/// <param name="PricePerMillion">Price of a million tokens in nano-USD; null for the request itself.</param>
/// <param name="NanoUsd">The amount, rounded for reading; only the record's sum is booked.</param>
public sealed record CostLine(string Name, long? Tokens, long? PricePerMillion, long NanoUsd)
{
    private const long TokensPerPrice = 1_000_000;

    /// <summary>The lines of a request; classes without tokens are left out. Without a price there is none to show.</summary>
    public static IReadOnlyList<CostLine> Of(RequestRow request, PriceComponents? price)
    {
        if (price is null) return [];
        var lines = new List<CostLine>();
        Add("Input", request.InputTokens, price.Input);
        Add("Input read from cache", request.CacheReadTokens, price.CacheRead ?? price.Input);
        Add("Input written to cache", request.CacheWriteTokens, price.CacheWrite ?? price.Input);
        Add("Output", request.OutputTokens, price.Output);
        if (price.Request > 0) lines.Add(new("Request", null, null, price.Request));
        return lines;

        void Add(string name, long tokens, long perMillion)
        {
            if (tokens > 0) lines.Add(new(name, tokens, perMillion, (long)Math.Round((decimal)tokens * perMillion / TokensPerPrice, MidpointRounding.AwayFromZero)));
        }
    }
}
