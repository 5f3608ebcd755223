using System.Text.Json.Serialization;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>What a run will probably cost, as a gateway's route preview said request by request. Amounts in nano-USD.</summary>
public sealed record BenchmarkEstimate
{
    /// <summary>Each model's answers, in the run's order.</summary>
    public required IReadOnlyList<ModelEstimate> Models { get; init; }

    /// <summary>The judge's verdicts; null = the metric needs none.</summary>
    public ModelEstimate? Judge { get; init; }

    /// <summary>Likely cost of all.</summary>
    [JsonIgnore]
    public long ExpectedNanoUsd => Models.Sum(m => m.ExpectedNanoUsd) + (Judge?.ExpectedNanoUsd ?? 0);

    /// <summary>Cost of all at the very most.</summary>
    [JsonIgnore]
    public long WorstNanoUsd => Models.Sum(m => m.WorstNanoUsd) + (Judge?.WorstNanoUsd ?? 0);
}

/// <summary>What one model's requests will probably cost, in nano-USD.</summary>
/// <param name="Model">The model as it was asked for.</param>
/// <param name="ExpectedNanoUsd">Likely cost of all its requests.</param>
/// <param name="WorstNanoUsd">Their cost at the very most: every answer as long as it may be, from the dearest deployment.</param>
/// <param name="LargestNanoUsd">Cost of its dearest request at the very most.</param>
public sealed record ModelEstimate(string Model, long ExpectedNanoUsd, long WorstNanoUsd, long LargestNanoUsd);

/// <summary>JSON of estimates in the database, and of what a gateway's preview says of them; it says more than is read here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BenchmarkEstimate))]
[JsonSerializable(typeof(PreviewedCost))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;

/// <summary>What a preview says of a request's cost.</summary>
internal sealed record PreviewedCost
{
    public string? Model { get; init; }

    public string? RouteReason { get; init; }

    public string? ExpectedCostUsd { get; init; }

    public string? WorstCaseCostUsd { get; init; }

    public IReadOnlyList<PreviewedPrice> Candidates { get; init; } = [];

    public PreviewedApproval? Approval { get; init; }
}

/// <summary>Whether a candidate of a preview would be tried, and whether its price is known.</summary>
internal sealed record PreviewedPrice
{
    public bool Kept { get; init; }

    public System.Text.Json.JsonElement? PriceUsdPerMillionTokens { get; init; }
}

/// <summary>Whether a previewed request would have to be approved.</summary>
internal sealed record PreviewedApproval(bool Required);
