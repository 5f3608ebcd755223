using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Content;

/// <summary>What is kept of a scope's texts, in which form and for how long.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ContentSettings
{
    /// <summary>How long texts are kept where nothing is set, in days.</summary>
    public const int DefaultRetentionDays = 30;

    /// <summary>Longest time that may be set, in days.</summary>
    public const int MaxRetentionDays = 3_650;

    /// <summary>Most of a prompt and of a reply that is kept where nothing is set, in bytes each.</summary>
    public const int DefaultMaxBytes = 262_144;

    /// <summary>Smallest bound that may be set, in bytes.</summary>
    public const int SmallestMaxBytes = 1_024;

    /// <summary>Largest bound that may be set, in bytes.</summary>
    public const int LargestMaxBytes = 4_194_304;

    /// <summary>Smallest share of requests that may be set.</summary>
    public const double LeastSample = 0.0001;

    /// <summary>Which texts; one of <see cref="ContentKeeps"/>.</summary>
    public required string Keep { get; init; }

    /// <summary>In which form; one of <see cref="ContentForms"/>, null = <see cref="ContentForms.Masked"/>.</summary>
    public string? Text { get; init; }

    /// <summary>For how long, 1 to <see cref="MaxRetentionDays"/> days; null = <see cref="DefaultRetentionDays"/>.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Share of requests, <see cref="LeastSample"/> to 1; null = all.</summary>
    public double? Sample { get; init; }

    /// <summary>Most bytes of a prompt and of a reply, each; null = <see cref="DefaultMaxBytes"/>. What is longer is cut and marked so.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>Whether a request whose texts could not be kept is refused before a provider is called. Else it is served, its texts are lost and counted.</summary>
    public bool Required { get; init; }

    /// <summary>Whether texts may also stand in traces. Holds only where the operator's <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c> says so too.</summary>
    public bool Traces { get; init; }
}
