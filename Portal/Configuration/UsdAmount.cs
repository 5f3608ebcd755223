using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireGateway.Portal.Configuration;

/// <summary>Dollars in a request, exactly as written: a JSON number or a text such as <c>"12.50"</c>. Never a binary fraction.</summary>
/// <param name="NanoUsd">The amount in nano-USD; null = it is none: too fine, too large or not a number.</param>
[JsonConverter(typeof(UsdAmountConverter))]
public readonly record struct UsdAmount(long? NanoUsd)
{
    /// <summary>Nano-USD of a dollar.</summary>
    public const long Scale = 1_000_000_000;

    // A decimal holds 28 digits without rounding; a longer text could lose some.
    private const int MaxLength = 28;

    /// <summary>Reads dollars with at most nine decimals; signs and exponents as in JSON.</summary>
    public static UsdAmount Parse(string? text)
    {
        if (text is null or { Length: 0 or > MaxLength }) return default;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var dollars))
            return default;
        if (Math.Abs(dollars) > long.MaxValue / Scale) return default;
        var nano = dollars * Scale;
        return nano == decimal.Truncate(nano) ? new((long)nano) : default;
    }

    /// <summary>Nano-USD as dollars, exactly, e.g. <c>412.1</c>.</summary>
    public static string Text(long nanoUsd) => ((decimal)nanoUsd / Scale).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>The same of what may be missing.</summary>
    public static string? Text(long? nanoUsd) => nanoUsd is { } amount ? Text(amount) : null;
}

/// <summary>JSON of <see cref="UsdAmount"/>.</summary>
public sealed class UsdAmountConverter : JsonConverter<UsdAmount>
{
    /// <inheritdoc />
    public override UsdAmount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => UsdAmount.Parse(reader.GetString()),
        JsonTokenType.Number => UsdAmount.Parse(System.Text.Encoding.UTF8.GetString(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan)),
        _ => throw new JsonException(),
    };

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, UsdAmount value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value.NanoUsd is { } nano) writer.WriteStringValue(UsdAmount.Text(nano));
        else writer.WriteNullValue();
    }
}
