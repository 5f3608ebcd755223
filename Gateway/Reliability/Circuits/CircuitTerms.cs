using System.Runtime.InteropServices;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>When a deployment's circuit opens, and for how long; times in milliseconds. 0 = this does not count.</summary>
/// <param name="Failures">Failures in a row.</param>
/// <param name="FailurePercent">Share of requests that fail.</param>
/// <param name="MinimumRequests">Requests before a share or a percentile says anything.</param>
/// <param name="WindowMs">Over which the share is counted.</param>
/// <param name="LatencyMs">Bound of the p95.</param>
/// <param name="OpenMs">For how long it is open.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CircuitTerms(int Failures, int FailurePercent, int MinimumRequests, int WindowMs, int LatencyMs, int OpenMs)
{
    /// <summary>The terms of a deployment.</summary>
    public static CircuitTerms Of(BreakerSettings? own, ReliabilityOptions options) => new(
        own?.Failures ?? options.BreakerFailures, own?.FailurePercent ?? options.BreakerFailurePercent, own?.MinimumRequests ?? BreakerSettings.DefaultMinimumRequests,
        (own?.WindowSeconds ?? BreakerSettings.DefaultWindowSeconds) * 1_000, own?.LatencyMs ?? 0, own?.OpenSeconds * 1_000 ?? options.OpenMs);
}
