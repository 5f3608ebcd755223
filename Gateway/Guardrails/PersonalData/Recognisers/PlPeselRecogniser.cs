using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Polish register numbers: the date of birth with the century in the month, four digits, and a check digit by weights 1, 3, 7, 9 modulo 10.</summary>
internal static class PlPeselRecogniser
{
    private static readonly ContextWords Context = new("pesel", "ewidencyjn", "nr ewid");

    private static ReadOnlySpan<sbyte> Weights => [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        if (groups.GroupsFor(11) != 1 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(0);
        var d = groups.Digits[..11];
        var month = (d[2] * 10 + d[3]) % 20;
        if (!scan.EndsClean(end) || month is < 1 or > 12 || d[4] * 10 + d[5] is < 1 or > 31) return;
        if ((10 - Weighted.Sum(d, Weights) % 10) % 10 != d[10]) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        scan.Report(PersonalDataKinds.PlPesel, groups.Start, end, nearness > 0 ? 0.85 + 0.15 * nearness : 0.4);
    }
}
