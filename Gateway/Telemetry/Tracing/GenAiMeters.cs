using System.Diagnostics;
using System.Diagnostics.Metrics;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.ServiceDefaults.Telemetry;

namespace AspireGateway.Gateway.Telemetry.Tracing;

/// <summary>The figures of OpenTelemetry's semantic conventions for generative AI, for collectors that are reached over OTLP. Where nobody listens nothing is made.</summary>
internal static class GenAiMeters
{
    // The buckets that the conventions advise.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };
    private static readonly InstrumentAdvice<double> FirstToken = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0] };
    private static readonly InstrumentAdvice<long> Tokens = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] };

    private static readonly Meter Meter = new(OtlpTelemetry.SourceName);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram("gen_ai.server.request.duration", "s", "From arrival to the last byte of the reply.", null, Seconds);
    private static readonly Histogram<double> TimeToFirstToken = Meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From arrival to the first content of a stream.", null, FirstToken);
    private static readonly Histogram<long> TokenUsage = Meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens in and out.", null, Tokens);

    /// <summary>Counts a finished request.</summary>
    public static void Record(Exchange exchange)
    {
        if (!Duration.Enabled && !TokenUsage.Enabled && !TimeToFirstToken.Enabled) return;
        // Names come from the configuration, never from the caller: their number is bounded.
        var tags = new TagList
        {
            { "gen_ai.operation.name", GenAiNames.OperationOf(exchange.Operation.Kind) },
            { "gen_ai.provider.name", exchange.Call.Standing is { } standing ? GenAiNames.ProviderOf(standing.Candidate.Deployment.Provider) : "none" },
            { "gen_ai.request.model", exchange.Plan?.Model.Name ?? "none" },
        };
        if (exchange.Spend is { } spend)
        {
            var (input, output) = (tags, tags);
            input.Add("gen_ai.token.type", "input");
            output.Add("gen_ai.token.type", "output");
            if (spend.Usage.TotalInput > 0) TokenUsage.Record(spend.Usage.TotalInput, input);
            if (spend.Usage.Output > 0) TokenUsage.Record(spend.Usage.Output, output);
        }
        if (exchange.Reply.FirstContentUs is { } first && exchange.Request is { Stream: true }) TimeToFirstToken.Record(first / 1e6, tags);
        if (exchange.Refusal?.Code is { } code) tags.Add("error.type", code);
        Duration.Record(exchange.ElapsedUs / 1e6, tags);
    }
}
