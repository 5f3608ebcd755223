using System.Diagnostics.Metrics;
using AspireGateway.ServiceDefaults.Telemetry;

namespace AspireGateway.Portal.RollUps;

/// <summary>How the roll-ups get on, as metrics: <c>llm_rollup_records_total</c> and <c>llm_rollup_lag_seconds</c>.</summary>
internal sealed class RollUpMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> records;
    private readonly RollUpProgressQuery progress;
    private double lag = double.NaN;

    public RollUpMetrics(RollUpProgressQuery progress, IMeterFactory meters)
    {
        this.progress = progress;
        meter = meters.Create(OtlpTelemetry.SourceName);
        records = meter.CreateCounter<long>("llm_rollup_records_total", description: "Usage records and corrections that were rolled up by this portal.");
        meter.CreateObservableGauge("llm_rollup_lag_seconds", () => Volatile.Read(ref lag), "s", "Time since the roll-ups last held everything that was written; NaN before the first look.");
    }

    /// <summary>Counts records.</summary>
    public void Count(long number) => records.Add(number);

    /// <summary>Looks how far the roll-ups are, whoever brought them there.</summary>
    public async Task LookAsync(CancellationToken cancellationToken) =>
        Volatile.Write(ref lag, (await progress.RunAsync(cancellationToken)).Lag?.TotalSeconds ?? double.NaN);

    public void Dispose() => meter.Dispose();
}
