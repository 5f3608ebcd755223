using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>What policies let the gateway do for providers' caches of prompts' beginnings.</summary>
/// <param name="Always">Whether a beginning is marked that was not seen before.</param>
/// <param name="Hour">Whether it is to be kept for an hour, where the model can.</param>
/// <param name="MinTokens">Smallest beginning that is marked, in tokens.</param>
internal sealed record PrefixTerms(bool Always, bool Hour, int MinTokens)
{
    private const int FiveMinutesSeconds = 300, HourSeconds = 3_600;

    /// <summary>How long a provider keeps a beginning that was not used, in seconds.</summary>
    public int TtlSeconds => Hour ? HourSeconds : FiveMinutesSeconds;

    /// <summary>How long it does if its model may not have the longer time.</summary>
    public static int TtlOf(bool hour) => hour ? HourSeconds : FiveMinutesSeconds;

    /// <summary>Of settings; null = nothing is done. A mode that a newer portal knows and this build does not does nothing; what is out of range is taken as the nearest that is in it.</summary>
    public static PrefixTerms? Of(CacheSettings settings) => settings.Prefix is not (PrefixModes.Auto or PrefixModes.Always) ? null : new(
        settings.Prefix == PrefixModes.Always, settings.PrefixTtl == PrefixTimes.Hour,
        Math.Clamp(settings.PrefixMinTokens ?? CacheSettings.DefaultPrefixMinTokens, CacheSettings.LeastPrefixMinTokens, CacheSettings.MaxPrefixMinTokens));

    /// <summary>What both allow; null = one of them allows nothing.</summary>
    public static PrefixTerms? Narrower(PrefixTerms? one, PrefixTerms? other) =>
        one is null || other is null ? null : new(one.Always && other.Always, one.Hour && other.Hour, Math.Max(one.MinTokens, other.MinTokens));
}
