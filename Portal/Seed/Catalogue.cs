using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Seed;

/// <summary>What the first start configures: providers, which of their models, and the demo. Prices, limits and abilities come from the price book.</summary>
internal static class Catalogue
{
    /// <summary>Providers that a single key opens, with the variable that holds it.</summary>
    public static readonly IReadOnlyList<SeedVendor> Vendors =
    [
        new("openai", "OpenAI", Protocols.OpenAi, "OPENAI_API_KEY", "https://api.openai.com/v1",
        [
            new("gpt-6-luna", Fast), new("gpt-6.2-sol", Smart), new("gpt-6.2-astra"), new("gpt-5.4-mini"), new("gpt-5-mini"), new("gpt-4.1"),
            new("gpt-4o-mini"), new("gpt-4o"), new("text-embedding-3-small", Embed), new("text-embedding-3-large"),
        ]),
        new("anthropic", "Anthropic", Protocols.Anthropic, "ANTHROPIC_API_KEY", "https://api.anthropic.com/v1",
        [
            new("claude-haiku-5-5", Fast), new("claude-sonnet-5-5", Smart), new("claude-opus-5-5"), new("claude-haiku-4-5"), new("claude-sonnet-4-5"),
        ]),
        new("gemini", "Google Gemini", Protocols.Gemini, "GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta",
        [
            new("gemini-3.5-flash-lite", Fast), new("gemini-3.8-flash", Smart), new("gemini-2.5-flash"), new("gemini-2.5-pro"), new("gemini-embedding-001"),
        ]),
    ];

    /// <summary>The fake provider of demo and tests; its prices are invented.</summary>
    public static readonly IReadOnlyList<SeedModel> Simulator =
    [
        new("sim-small") { Price = Usd(0.15m, 0.60m, cacheRead: 0.075m), ContextTokens = 128_000, MaxOutputTokens = 16_384, Abilities = Chat },
        new("sim-large") { Price = Usd(2.50m, 10.00m, cacheRead: 1.25m), ContextTokens = 128_000, MaxOutputTokens = 16_384, Abilities = Chat },
        new("sim-reasoning") { Price = Usd(1.10m, 4.40m, cacheRead: 0.275m), ContextTokens = 200_000, MaxOutputTokens = 100_000, Abilities = Chat | ModelAbilities.Reasoning },
        new("sim-embed") { Price = Usd(0.02m, 0), ContextTokens = 8_192 },
    ];

    /// <summary>The simulator once more for each other protocol that it speaks, so that every dialect can be tried against every protocol.</summary>
    public static readonly IReadOnlyList<SeedProtocol> SimulatedProtocols =
    [
        new("sim-anthropic", "Simulator, Anthropic", Protocols.Anthropic, "/v1", "simulator", null, "demo-claude", "Speaks Anthropic's protocol, answered by the simulator",
            new("sim-claude") { Price = Usd(3.00m, 15.00m, cacheRead: 0.30m, cacheWrite: 3.75m, cacheWrite1h: 6.00m), ContextTokens = 200_000, MaxOutputTokens = 64_000, Abilities = Chat | ModelAbilities.Reasoning }),
        new("sim-gemini", "Simulator, Gemini", Protocols.Gemini, "/v1beta", "simulator", null, "demo-gemini", "Speaks Gemini's protocol, answered by the simulator",
            new("sim-gemini") { Price = Usd(0.30m, 2.50m, cacheRead: 0.03m), ContextTokens = 1_048_576, MaxOutputTokens = 65_536, Abilities = Chat | ModelAbilities.Reasoning | ModelAbilities.Audio }),
        // The key pair of AWS's own examples: it opens nothing.
        new("sim-bedrock", "Simulator, Bedrock", Protocols.Bedrock, "", AwsSecret.Of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null), "us-east-1", "demo-bedrock",
            "Speaks Bedrock's protocol, answered by the simulator",
            new("sim-bedrock") { Price = Usd(0.80m, 3.20m, cacheRead: 0.20m), ContextTokens = 300_000, MaxOutputTokens = 10_000, Abilities = Chat }),
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
        (Fast, "A quick and cheap model, whoever offers it"),
        (Smart, "The best model for hard tasks, whoever offers it"),
        (Embed, "Embeddings"),
    ];

    private const string Fast = "fast";
    private const string Smart = "smart";
    private const string Embed = "embed";
    private const ModelAbilities Chat = ModelAbilities.Vision | ModelAbilities.Tools | ModelAbilities.JsonSchema | ModelAbilities.PromptCaching;

    /// <summary>What Bedrock offers in a region: Claude by the inference profile of the region's part of the world, Nova where it is.</summary>
    public static IReadOnlyList<SeedModel> Bedrock(string region)
    {
        var part = region.StartsWith("us-", StringComparison.Ordinal) ? "us." : region.StartsWith("eu-", StringComparison.Ordinal) ? "eu." : null;
        var claude = part ?? "global.";
        List<SeedModel> models = [new($"{claude}anthropic.claude-haiku-4-5-20251001-v1:0", Fast), new($"{claude}anthropic.claude-sonnet-5-5", Smart), new($"{claude}anthropic.claude-opus-5-5")];
        if (part is not null) models.AddRange([new($"{part}amazon.nova-lite-v1:0"), new($"{part}amazon.nova-pro-v1:0")]);
        return models;
    }

    private static PriceComponents Usd(decimal input, decimal output, decimal? cacheRead = null, decimal? cacheWrite = null, decimal? cacheWrite1h = null) =>
        new() { Input = Nano(input)!.Value, Output = Nano(output)!.Value, CacheRead = Nano(cacheRead), CacheWrite = Nano(cacheWrite), CacheWrite1h = Nano(cacheWrite1h) };

    private static long? Nano(decimal? usd) => (long?)(usd * 1_000_000_000m);
}
