using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Gateway.Content;

/// <summary>What a scope's policy comes to, with what is usual filled in.</summary>
internal sealed record ContentTerms
{
    /// <summary>Whether what is asked is kept.</summary>
    public required bool Prompts { get; init; }

    /// <summary>Whether what is answered is kept.</summary>
    public required bool Replies { get; init; }

    /// <summary>Whether it is kept as guardrails left it.</summary>
    public required bool Masked { get; init; }

    /// <summary>For how many days.</summary>
    public required int RetentionDays { get; init; }

    /// <summary>Share of requests, up to 1.</summary>
    public required double Sample { get; init; }

    /// <summary>Most bytes of either.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>Whether a request whose texts could not be kept is refused.</summary>
    public required bool Required { get; init; }

    /// <summary>Whether traces may hold texts.</summary>
    public required bool Traces { get; init; }

    /// <summary>Of a policy; null = nothing is kept.</summary>
    public static ContentTerms? Of(ContentSettings settings) => settings.Keep == ContentKeeps.Off ? null : new()
    {
        Prompts = settings.Keep is ContentKeeps.Prompts or ContentKeeps.Both, Replies = settings.Keep is ContentKeeps.Replies or ContentKeeps.Both, Masked = settings.Text != ContentForms.Sent,
        RetentionDays = settings.RetentionDays ?? ContentSettings.DefaultRetentionDays, Sample = settings.Sample ?? 1, MaxBytes = settings.MaxBytes ?? ContentSettings.DefaultMaxBytes,
        Required = settings.Required, Traces = settings.Traces,
    };

    /// <summary>Whether a request is among the share that is kept. Its id ends in random bits (RFC 9562, section 5.7), so that retries of a caller are drawn anew.</summary>
    public bool Takes(Guid request)
    {
        if (Sample >= 1) return true;
        Span<byte> bytes = stackalloc byte[16];
        request.TryWriteBytes(bytes);
        return BitConverter.ToUInt32(bytes[12..]) < Sample * uint.MaxValue;
    }
}
