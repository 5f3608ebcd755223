using System.Globalization;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Nano-USD as a decimal number of USD, exact, without trailing zeros.</summary>
internal static class UsdFormat
{
    private const long NanosPerUsd = 1_000_000_000;

    /// <summary>Longest result, in characters.</summary>
    public const int MaxLength = 24;

    /// <summary>E.g. 79,200 nano-USD is <c>0.0000792</c>.</summary>
    public static string Of(long nanoUsd)
    {
        Span<char> text = stackalloc char[MaxLength];
        return new string(text[..Write(nanoUsd, text)]);
    }

    /// <summary>Writes the number; returns its length.</summary>
    public static int Write(long nanoUsd, Span<char> destination)
    {
        (nanoUsd / NanosPerUsd).TryFormat(destination, out var length, default, CultureInfo.InvariantCulture);
        var fraction = nanoUsd % NanosPerUsd;
        if (fraction == 0) return length;
        destination[length++] = '.';
        fraction.TryFormat(destination[length..], out var digits, "D9", CultureInfo.InvariantCulture);
        length += digits;
        while (destination[length - 1] == '0') length--;
        return length;
    }
}
