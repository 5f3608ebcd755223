using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>What a request asks for that is not counted in tokens: images with their size, characters to be spoken, searches.</summary>
internal static class AskedUnits
{
    private const int MaxNameLength = 40;

    /// <summary>Reads them from a body that is known to be one JSON object.</summary>
    public static UnitUsage Read(Operation operation, ReadOnlySpan<byte> body)
    {
        if (operation == Operation.Rerank) return new UnitUsage { Searches = 1 };
        if (operation != Operation.ImageGenerations && operation != Operation.Speech) return default;

        var units = operation == Operation.ImageGenerations ? new UnitUsage { Images = 1 } : default;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (operation == Operation.Speech && reader.ValueTextEquals("input"u8))
            {
                reader.Read();
                units = new UnitUsage { Characters = CharactersIn(ref reader) };
            }
            else if (reader.ValueTextEquals("n"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var n) && n is > 0 and < 1000 && units.Images > 0) units = units with { Images = n };
            }
            else if (reader.ValueTextEquals("size"u8))
            {
                reader.Read();
                units = units with { ImageSize = NameIn(ref reader) };
            }
            else if (reader.ValueTextEquals("quality"u8))
            {
                reader.Read();
                units = units with { ImageQuality = NameIn(ref reader) };
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
        return units;
    }

    /// <summary>Unicode code points, as vendors count characters.</summary>
    private static long CharactersIn(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return 0;
        var text = reader.GetString()!;
        var count = 0L;
        foreach (var c in text)
            if (!char.IsLowSurrogate(c)) count++;
        return count;
    }

    // "auto" leaves it to the provider, so nothing is known.
    private static string? NameIn(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= MaxNameLength } name && name != "auto" ? name : null;
}
