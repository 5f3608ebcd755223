namespace AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

/// <summary>Verhoeff's check digit (1969): multiplication in the dihedral group of order 10, each place permuted anew.</summary>
internal static class Verhoeff
{
    // One step of the permutation; the place's number says how often it is applied.
    private static ReadOnlySpan<byte> Permutation => [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /// <summary>Whether the last digit is the check digit of the others.</summary>
    public static bool IsValid(ReadOnlySpan<byte> digits)
    {
        var product = 0;
        for (var place = 0; place < digits.Length; place++)
        {
            var digit = (int)digits[^(place + 1)];
            for (var step = 0; step < place % 8; step++) digit = Permutation[digit];
            product = Multiply(product, digit);
        }
        return product == 0;
    }

    // 0 to 4 are rotations of the pentagon, 5 to 9 its reflections.
    private static int Multiply(int a, int b) => (a < 5, b < 5) switch
    {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 - b + 5) % 5,
        _ => (a - b + 5) % 5,
    };
}
