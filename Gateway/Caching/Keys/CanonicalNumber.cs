using System.Buffers.Text;
using System.Globalization;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>Writes a JSON number (RFC 8259, section 6) as its digits without zeros at either end and the power of ten of the last one: 1, 1.0, 10e-1 and 0.1E1 are all <c>1e0</c>.</summary>
internal static class CanonicalNumber
{
    // No exponent that means anything is longer; such a number stays as it was written.
    private const int MostExponentDigits = 9;

    /// <summary>Writes a number.</summary>
    /// <param name="text">As it stands in valid JSON.</param>
    /// <param name="output">Takes it.</param>
    public static void Write(ReadOnlySpan<byte> text, CanonicalBuffer output)
    {
        output.Mark('n');
        var exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        long exponent = 0;
        if (exponentAt >= 0)
        {
            var digits = text[(exponentAt + 1)..].TrimStart((byte)'+');
            if (digits.Length > MostExponentDigits || !Utf8Parser.TryParse(digits, out exponent, out var used) || used != digits.Length)
            {
                output.Text(text);
                return;
            }
        }
        var isNegative = mantissa[0] == '-';
        if (isNegative) mantissa = mantissa[1..];
        var point = mantissa.IndexOf((byte)'.');
        if (point >= 0) exponent -= mantissa.Length - point - 1;

        var room = output.Room(mantissa.Length + 24);
        var length = 0;
        if (isNegative) room[length++] = (byte)'-';
        var first = length;
        foreach (var digit in mantissa)
            if (digit != '.' && (digit != '0' || length > first)) room[length++] = digit;
        if (length == first)
        {
            // Zero has no sign and no power.
            room[0] = (byte)'0';
            output.Advance(1);
            output.Mark(';');
            return;
        }
        for (; room[length - 1] == '0'; length--) exponent++;
        room[length++] = (byte)'e';
        exponent.TryFormat(room[length..], out var written, default, CultureInfo.InvariantCulture);
        output.Advance(length + written);
        output.Mark(';');
    }
}
