using System.Text.Json.Serialization;
using AspireGateway.Shared.Canaries;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>What is told of a canary that went on or back.</summary>
/// <param name="Model">The logical model.</param>
/// <param name="Deployment">The canary's deployment.</param>
/// <param name="Guard">The guard that was broken; null = none.</param>
/// <param name="Percent">Its share at that moment.</param>
/// <param name="Canary">How the canary did.</param>
/// <param name="Baseline">How the others did.</param>
internal sealed record CanaryEventDetail(string Model, string Deployment, string? Guard, double Percent, ArmDetail Canary, ArmDetail Baseline);

/// <summary>How an arm did.</summary>
/// <param name="Requests">Requests that ended.</param>
/// <param name="ErrorRate">Share of them that failed.</param>
/// <param name="P95Ms">Their p95 latency in milliseconds; null = none was served.</param>
/// <param name="CostUsd">Mean cost of a request in USD.</param>
internal sealed record ArmDetail(double Requests, double ErrorRate, double? P95Ms, double CostUsd)
{
    /// <summary>Of its counts.</summary>
    public static ArmDetail Of(ArmCounts counts) => new(counts.Requests, counts.ErrorRate, counts.P95Ms, counts.MeanCost / 1e6);
}

/// <summary>JSON of canaries' events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CanaryEventDetail))]
internal sealed partial class CanaryJson : JsonSerializerContext;
