namespace AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

/// <summary>The check digit of ISO/IEC 7812-1 annex B: from the right, every second digit counts double, and the sum of digits is a multiple of 10.</summary>
internal static class Luhn
{
    /// <summary>Whether the last digit is the check digit of the others.</summary>
    public static bool IsValid(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (int)digits[^(i + 1)];
            if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }
}
