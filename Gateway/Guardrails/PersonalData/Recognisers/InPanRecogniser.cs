namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Indian permanent account numbers: three letters, the holder's kind, a letter, four digits, a check letter whose rule is not public (Income Tax Department).</summary>
internal static class InPanRecogniser
{
    private static readonly ContextWords Context = new("pan", "permanent account", "income tax", "pan card", "pancard");

    /// <summary>Reports the number that begins at a letter.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        if (!scan.StartsClean(start)) return;
        for (var i = 0; i < 10; i++)
        {
            var c = scan.At(start + i);
            if (i is >= 5 and < 9 ? !char.IsAsciiDigit(c) : !char.IsAsciiLetter(c)) return;
        }
        if (!"ABCFGHJLPT".Contains(char.ToUpperInvariant(scan.At(start + 3))) || !scan.EndsClean(start + 10)) return;
        var digits = scan.Text.Slice(start + 5, 4);
        if (digits.SequenceEqual("0000")) return;
        var upper = char.IsAsciiLetterUpper(scan.At(start)) && char.IsAsciiLetterUpper(scan.At(start + 9));
        var nearness = scan.Nearness(Context, start, start + 10);
        scan.Report(PersonalDataKinds.InPan, start, start + 10, nearness > 0 ? 0.8 + 0.2 * nearness : upper ? 0.65 : 0.3);
    }
}
