namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Singapore's identity numbers of citizens and residents (S, T) and of foreigners (F, G, M): seven digits and a check letter by weights 2, 7, 6, 5, 4, 3, 2 modulo 11.
/// </summary>
internal static class SgNricRecogniser
{
    private static readonly ContextWords Context = new("nric", "fin", "identity card", "ic no", "ic number", "work pass", "identification no");

    private static ReadOnlySpan<byte> Weights => [2, 7, 6, 5, 4, 3, 2];

    /// <summary>Reports the number that begins at a letter.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        var series = char.ToUpperInvariant(scan.At(start));
        if (series is not ('S' or 'T' or 'F' or 'G' or 'M') || !scan.StartsClean(start)) return;
        var sum = series switch { 'T' or 'G' => 4, 'M' => 3, _ => 0 };
        for (var i = 0; i < Weights.Length; i++)
        {
            var c = scan.At(start + 1 + i);
            if (!char.IsAsciiDigit(c)) return;
            sum += (c - '0') * Weights[i];
        }
        var letters = series switch { 'S' or 'T' => "JZIHGFEDCBA", 'M' => "XWUTRQPNJLK", _ => "XWUTRQPNMLK" };
        if (letters[sum % 11] != char.ToUpperInvariant(scan.At(start + 8)) || !scan.EndsClean(start + 9)) return;
        var nearness = scan.Nearness(Context, start, start + 9);
        var alone = char.IsAsciiLetterUpper(scan.At(start)) ? 0.8 : 0.4;
        scan.Report(PersonalDataKinds.SgNric, start, start + 9, nearness > 0 ? 0.85 + 0.15 * nearness : alone);
    }
}
