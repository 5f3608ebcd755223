namespace AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

/// <summary>Sums of digits times weights, which most national check digits are made of.</summary>
internal static class Weighted
{
    /// <summary>The sum of each digit times the weight at its place; digits beyond the weights do not count.</summary>
    public static int Sum(ReadOnlySpan<byte> digits, ReadOnlySpan<sbyte> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length && i < digits.Length; i++) sum += digits[i] * weights[i];
        return sum;
    }

    /// <summary>Whether all digits are the same: such a number is a filler, whatever its check digit says.</summary>
    public static bool IsFiller(ReadOnlySpan<byte> digits) => digits.Length > 0 && digits.IndexOfAnyExcept(digits[0]) < 0;
}
