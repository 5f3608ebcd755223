using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Writes what was used besides tokens as a usage record keeps it.</summary>
internal static class UnitsWriter
{
    /// <summary>The JSON of the column; null = nothing was used, as for nearly every request.</summary>
    public static string? Write(in UnitUsage units) => units.IsEmpty ? null : JsonSerializer.Serialize(
        new RecordedUnits
        {
            Images = Some(units.Images),
            ImageSize = units.Images > 0 ? units.ImageSize : null,
            ImageQuality = units.Images > 0 ? units.ImageQuality : null,
            AudioMs = Some(units.Milliseconds),
            Characters = Some(units.Characters),
            Searches = Some(units.Searches),
            AudioInputTokens = Some(units.AudioInputTokens),
            AudioOutputTokens = Some(units.AudioOutputTokens),
            CacheWrite1hTokens = Some(units.CacheWrite1hTokens),
        },
        DataJson.Default.RecordedUnits);

    private static long? Some(long count) => count == 0 ? null : count;
}
