namespace AspireGateway.Gateway.Content;

/// <summary>
/// The operator's word on texts in traces: <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c> (OpenTelemetry's instrumentation libraries for generative AI; <c>true</c>, <c>span_only</c> or
/// <c>span_and_event</c>). By itself it opens nothing: the organisation's policy must say so as well.
/// </summary>
internal sealed class ContentSwitch(IConfiguration configuration)
{
    /// <summary>The variable.</summary>
    public const string Variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    /// <summary>Whether it is on.</summary>
    public bool IsOn { get; } = Array.Exists((string[])["true", "1", "span_only", "span_and_event"], word => string.Equals(word, configuration[Variable]?.Trim(), StringComparison.OrdinalIgnoreCase));
}
