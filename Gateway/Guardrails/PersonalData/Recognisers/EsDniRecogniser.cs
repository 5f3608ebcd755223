namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Spanish identity numbers: eight digits and a letter that their remainder by 23 chooses (Ministerio del Interior).</summary>
internal static class EsDniRecogniser
{
    /// <summary>The letter of each remainder by 23.</summary>
    public const string Letters = "TRWAGMYFPDXBNJZSQVHLCKE";

    private static readonly ContextWords Context = new("dni", "nif", "documento nacional", "identidad", "d.n.i", "n.i.f");

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(8);
        if (used == 0 || (used > 1 && !groups.Has(scan.Text, "233", ".")) || !scan.StartsClean(groups.Start)) return;
        var at = groups.EndOf(used - 1);
        if (scan.At(at) is '-' or ' ') at++;
        var letter = scan.At(at);
        if (!char.IsAsciiLetter(letter) || !scan.EndsClean(at + 1)) return;
        var number = 0;
        foreach (var digit in groups.Digits[..8]) number = number * 10 + digit;
        if (Letters[number % 23] != char.ToUpperInvariant(letter)) return;
        var nearness = scan.Nearness(Context, groups.Start, at + 1);
        // "12345678 a" in a sentence is a number and an article.
        var alone = char.IsAsciiLetterLower(letter) ? 0.3 : scan.At(at - 1) == ' ' ? 0.4 : 0.75;
        scan.Report(PersonalDataKinds.EsDni, groups.Start, at + 1, nearness > 0 ? 0.8 + 0.2 * nearness : alone);
    }
}
