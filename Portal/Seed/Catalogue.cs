using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Seed;

/// <summary>What the first start knows of providers: addresses, models, and list prices to begin with. From then on the price book is the portal's.</summary>
internal static class Catalogue
{
    /// <summary>Providers that speak OpenAI's protocol, with the variable that holds their key.</summary>
    /// <remarks>
    /// Anthropic and Google offer it beside their own: "OpenAI SDK compatibility" (Anthropic), "OpenAI compatibility" (Gemini API).
    /// Prices: the vendors' public price pages, standard tier, prompts below the long-context step.
    /// </remarks>
    public static readonly IReadOnlyList<SeedProvider> Vendors =
    [
        new("openai", "OpenAI", "OPENAI_API_KEY", "https://api.openai.com/v1",
        [
            new("gpt-4o-mini", Usd(0.15m, 0.60m, cacheRead: 0.075m), 128_000, 16_384, "fast"),
            new("gpt-4o", Usd(2.50m, 10.00m, cacheRead: 1.25m), 128_000, 16_384, "smart"),
            new("gpt-4.1-mini", Usd(0.40m, 1.60m, cacheRead: 0.10m), 1_047_576, 32_768),
            new("gpt-4.1", Usd(2.00m, 8.00m, cacheRead: 0.50m), 1_047_576, 32_768),
            new("gpt-5-mini", Usd(0.25m, 2.00m, cacheRead: 0.025m), 400_000, 128_000),
            new("gpt-5", Usd(1.25m, 10.00m, cacheRead: 0.125m), 400_000, 128_000),
            new("text-embedding-3-small", Usd(0.02m, 0), 8_192, null, "embed"),
            new("text-embedding-3-large", Usd(0.13m, 0), 8_192, null),
        ]),
        new("anthropic", "Anthropic", "ANTHROPIC_API_KEY", "https://api.anthropic.com/v1",
        [
            new("claude-haiku-4-5", Usd(1.00m, 5.00m, cacheRead: 0.10m, cacheWrite: 1.25m), 200_000, 64_000, "fast"),
            new("claude-sonnet-4-5", Usd(3.00m, 15.00m, cacheRead: 0.30m, cacheWrite: 3.75m), 200_000, 64_000, "smart"),
            new("claude-opus-4-5", Usd(5.00m, 25.00m, cacheRead: 0.50m, cacheWrite: 6.25m), 200_000, 64_000),
        ]),
        new("gemini", "Google Gemini", "GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta/openai",
        [
            new("gemini-2.5-flash", Usd(0.30m, 2.50m, cacheRead: 0.03m), 1_048_576, 65_536, "fast"),
            new("gemini-2.5-pro", Usd(1.25m, 10.00m, cacheRead: 0.125m), 1_048_576, 65_536, "smart"),
            new("gemini-2.5-flash-lite", Usd(0.10m, 0.40m, cacheRead: 0.01m), 1_048_576, 65_536),
        ]),
    ];

    /// <summary>The fake provider of demo and tests; its prices are invented.</summary>
    public static readonly IReadOnlyList<SeedModel> Simulator =
    [
        new("sim-small", Usd(0.15m, 0.60m, cacheRead: 0.075m), 128_000, 16_384),
        new("sim-large", Usd(2.50m, 10.00m, cacheRead: 1.25m), 128_000, 16_384),
        new("sim-reasoning", Usd(1.10m, 4.40m, cacheRead: 0.275m), 200_000, 100_000),
        new("sim-embed", Usd(0.02m, 0), 8_192, null),
    ];

    /// <summary>Logical models of the demo: name, upstream model, aliases that existing code uses, purpose.</summary>
    public static readonly IReadOnlyList<(string Name, string Upstream, string[] Aliases, string Description)> DemoModels =
    [
        ("demo-small", "sim-small", ["gpt-4o-mini"], "Small and cheap, answered by the simulator"),
        ("demo-large", "sim-large", ["gpt-4o"], "Large, answered by the simulator"),
        ("demo-reasoning", "sim-reasoning", [], "Reports reasoning tokens, answered by the simulator"),
        ("demo-embed", "sim-embed", ["text-embedding-3-small"], "Embeddings, answered by the simulator"),
    ];

    /// <summary>Neutral names, in the order in which they are made, with their purpose. Their deployments are the vendors' of the same tier, in order.</summary>
    public static readonly IReadOnlyList<(string Name, string Description)> Tiers =
    [
        ("fast", "A quick and cheap model, whoever offers it"),
        ("smart", "The best model for hard tasks, whoever offers it"),
        ("embed", "Embeddings"),
    ];

    /// <summary>Variables of providers whose protocols gateways do not speak yet.</summary>
    public static readonly IReadOnlyList<string> Later = ["AWS_ACCESS_KEY_ID", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"];

    private static PriceComponents Usd(decimal input, decimal output, decimal? cacheRead = null, decimal? cacheWrite = null) =>
        new() { Input = Nano(input), Output = Nano(output), CacheRead = cacheRead is { } r ? Nano(r) : null, CacheWrite = cacheWrite is { } w ? Nano(w) : null };

    private static long Nano(decimal usd) => (long)(usd * 1_000_000_000m);
}

/// <summary>A provider to begin with.</summary>
/// <param name="Slug">Its slug.</param>
/// <param name="Name">Its name.</param>
/// <param name="Variable">Environment variable of its key.</param>
/// <param name="BaseUrl">Its address.</param>
/// <param name="Models">Its models.</param>
internal sealed record SeedProvider(string Slug, string Name, string Variable, string BaseUrl, IReadOnlyList<SeedModel> Models);

/// <summary>A model to begin with.</summary>
/// <param name="Upstream">The provider's name of it; the deployment is called after it, with the provider in front.</param>
/// <param name="Price">Its price.</param>
/// <param name="ContextTokens">Its context.</param>
/// <param name="MaxOutputTokens">Its longest answer.</param>
/// <param name="Tier">Neutral name that leads to it too.</param>
internal sealed record SeedModel(string Upstream, PriceComponents Price, int? ContextTokens, int? MaxOutputTokens, string? Tier = null);
