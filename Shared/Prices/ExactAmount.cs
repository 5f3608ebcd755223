using System.Globalization;

namespace AspireGateway.Shared.Prices;

/// <summary>Decimal amounts of a price file as integers, without ever being a binary fraction.</summary>
internal static class ExactAmount
{
    /// <summary>Decimal places of an amount per token, second or character: nano-USD of a million of them.</summary>
    public const int PerMillion = 15;

    /// <summary>Decimal places of an amount per image, search or request: nano-USD.</summary>
    public const int PerOne = 9;

    private const int MaxDigits = 38;
    private const int MaxExponent = 100;

    /// <summary>
    /// Reads a JSON number as dollars and gives it in units of 10^-<paramref name="places"/> dollars. Digits below that are rounded half up: they are
    /// either noise of whoever wrote the file, or less than a millionth of a nano-USD.
    /// </summary>
    /// <returns>False: not a number, negative, or too large for a price.</returns>
    public static bool TryRead(ReadOnlySpan<byte> number, int places, out long amount)
    {
        amount = 0;
        UInt128 digits = 0;
        var (count, exponent, at, afterPoint, seen) = (0, 0, 0, false, false);
        for (; at < number.Length; at++)
        {
            var c = number[at];
            if (c == (byte)'.' && !afterPoint) afterPoint = true;
            else if (c is >= (byte)'0' and <= (byte)'9')
            {
                seen = true;
                if (count == 0 && c == (byte)'0')
                {
                    if (afterPoint) exponent--;
                }
                else if (count < MaxDigits)
                {
                    digits = digits * 10 + (UInt128)(c - '0');
                    count++;
                    if (afterPoint) exponent--;
                }
                else if (!afterPoint) exponent++;
            }
            else break;
        }
        if (!seen) return false;
        if (at < number.Length)
        {
            if (number[at] is not ((byte)'e' or (byte)'E')) return false;
            if (!int.TryParse(number[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var written)) return false;
            if (Math.Abs((long)written) > MaxExponent) return digits == 0;
            exponent += written;
        }
        return TryScale(digits, exponent + places, out amount);
    }

    private static bool TryScale(UInt128 digits, int exponent, out long amount)
    {
        amount = 0;
        if (digits == 0) return true;
        for (; exponent > 0; exponent--)
        {
            if (digits > long.MaxValue) return false;
            digits *= 10;
        }
        byte last = 0;
        for (; exponent < 0 && (digits > 0 || last > 0); exponent++)
        {
            last = (byte)(digits % 10);
            digits /= 10;
        }
        if (last >= 5) digits++;
        if (digits > long.MaxValue) return false;
        amount = (long)digits;
        return true;
    }
}
