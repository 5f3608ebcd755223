using System.Collections.Frozen;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>Which media may leave.</summary>
/// <param name="MaxBytes">Largest item, in bytes; null = any.</param>
/// <param name="MaxItems">Most items; null = any number.</param>
/// <param name="MaxPixels">Most pixels of a picture; null = any.</param>
/// <param name="Types">Types that alone may leave; empty = any.</param>
/// <param name="AllowsRemote">Whether addresses and ids of files may stand for bytes.</param>
/// <param name="Location">What becomes of the place where a picture was taken; of <see cref="MediaLocations"/>.</param>
internal sealed record MediaLimit(long? MaxBytes, int? MaxItems, int? MaxPixels, FrozenSet<string> Types, bool AllowsRemote, string Location)
{
    private static readonly MediaLimit None = new(null, null, null, [], AllowsRemote: true, MediaLocations.Keep);

    /// <summary>From a rule.</summary>
    public static MediaLimit Of(GuardrailRule rule)
    {
        if (rule is { MaxMediaKb: null, MaxMedia: null, MaxPixels: null, MediaTypes: null, AllowRemote: null, MediaLocation: null }) return None;
        var location = rule.MediaLocation ?? MediaLocations.Keep;
        // Who only counts changes nothing.
        if (location == MediaLocations.Strip && rule.Level == GuardrailLevels.Flag) location = MediaLocations.Find;
        return new(rule.MaxMediaKb * 1024L, rule.MaxMedia, rule.MaxPixels, (rule.MediaTypes ?? []).ToFrozenSet(StringComparer.Ordinal), rule.AllowRemote != false, location);
    }
}
