using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability;

/// <summary>What holds where neither a model nor a deployment says otherwise: <c>Gateway:Reliability</c>. Times in milliseconds.</summary>
internal sealed class ReliabilityOptions
{
    /// <summary>Attempts after the first round of all candidates, at most; 0 = none.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>Longest wait before the first retry; it doubles with each.</summary>
    public int FirstDelayMs { get; set; } = 1_000;

    /// <summary>Where the doubling ends.</summary>
    public int LongestDelayMs { get; set; } = 10_000;

    /// <summary>Retries of a deployment as a share of its requests, 0 to 1.</summary>
    public double RetryShare { get; set; } = 0.2;

    /// <summary>Retries that a deployment may save up, and begins with.</summary>
    public int RetryReserve { get; set; } = 10;

    /// <summary>Time for all attempts and waits of a request, until its answer stands.</summary>
    public int TotalMs { get; set; } = 120_000;

    /// <summary>How long one may be silent while another one could be asked.</summary>
    public int FallbackAfterMs { get; set; } = 30_000;

    /// <summary>Failures in a row that open a circuit; 0 = they do not count.</summary>
    public int BreakerFailures { get; set; } = BreakerSettings.DefaultFailures;

    /// <summary>Share of failing requests that opens a circuit, in percent; 0 = it does not count.</summary>
    public int BreakerFailurePercent { get; set; } = BreakerSettings.DefaultFailurePercent;

    /// <summary>How long a circuit is open.</summary>
    public int OpenMs { get; set; } = BreakerSettings.DefaultOpenSeconds * 1_000;

    /// <summary>How long a deployment that recovers keeps each share of its requests: 10, 25, 50 %.</summary>
    public int RampStepMs { get; set; } = 15_000;

    /// <summary>How long a deployment leaves a credential alone that its provider refused (401, 403), while it has others.</summary>
    public int CredentialRestMs { get; set; } = 600_000;

    /// <summary>What cannot be used; null = nothing.</summary>
    public string? Fault() =>
        Retries is < 0 or > 10 ? "Retries must be from 0 to 10"
        : FirstDelayMs is < 1 or > 60_000 || LongestDelayMs < FirstDelayMs || LongestDelayMs > 60_000 ? "FirstDelayMs and LongestDelayMs must be from 1 to 60000, in this order"
        : RetryShare is not (>= 0 and <= 1) ? "RetryShare must be from 0 to 1"
        : RetryReserve is < 0 or > 10_000 ? "RetryReserve must be from 0 to 10000"
        : BreakerFailures < 0 || BreakerFailurePercent is < 0 or > 100 ? "BreakerFailures must be at least 0, BreakerFailurePercent from 0 to 100"
        : OpenMs is < 1 or > 3_600_000 || RampStepMs is < 1 or > 3_600_000 ? "OpenMs and RampStepMs must be from 1 to 3600000"
        : TotalMs is < 1_000 or > 3_600_000 || FallbackAfterMs is < 100 or > 3_600_000 ? "TotalMs must be from 1000, FallbackAfterMs from 100, both to 3600000"
        : CredentialRestMs is < 1_000 or > 86_400_000 ? "CredentialRestMs must be from 1000 to 86400000"
        : null;
}
