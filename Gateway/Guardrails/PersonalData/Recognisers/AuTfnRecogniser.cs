using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Australian tax file numbers: nine digits, or eight of the older ones, whose weighted sum is a multiple of 11.</summary>
internal static class AuTfnRecogniser
{
    private static readonly ContextWords Context = new("tfn", "tax file");

    private static ReadOnlySpan<sbyte> Nine => [1, 4, 3, 7, 5, 8, 6, 9, 10];

    private static ReadOnlySpan<sbyte> Eight => [10, 7, 8, 4, 6, 3, 5, 1];

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(9);
        var eight = used == 0;
        if (eight) used = groups.GroupsFor(8);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        if (used > 1 && !groups.Has(scan.Text, eight ? "332" : "333", " ") && !groups.Has(scan.Text, eight ? "332" : "333", "-")) return;
        var d = groups.Digits[..(eight ? 8 : 9)];
        if (!scan.EndsClean(end) || Weighted.Sum(d, eight ? Eight : Nine) % 11 != 0 || Weighted.IsFiller(d)) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        if (nearness > 0) scan.Report(PersonalDataKinds.AuTfn, groups.Start, end, 0.7 + 0.3 * nearness);
    }
}
