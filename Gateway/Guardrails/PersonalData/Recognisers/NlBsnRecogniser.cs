using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Dutch citizen service numbers: nine digits (or eight, without the first zero) that pass the test of eleven, weights 9 to 2 and -1.</summary>
internal static class NlBsnRecogniser
{
    private static readonly ContextWords Context = new("bsn", "burgerservice", "sofinummer", "sofi-nummer", "sofi", "citizen service");

    private static ReadOnlySpan<sbyte> Weights => [9, 8, 7, 6, 5, 4, 3, 2, -1];

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(9);
        var eight = used == 0 && groups.GroupsFor(8) == 1;
        if ((used == 0 && !eight) || !scan.StartsClean(groups.Start)) return;
        if (eight) used = 1;
        var end = groups.EndOf(used - 1);
        var dotted = groups.Has(scan.Text, "423", ".") || groups.Has(scan.Text, "423", " ");
        if ((used > 1 && !dotted && !groups.Has(scan.Text, "333", " ")) || !scan.EndsClean(end)) return;
        var d = groups.Digits[..(eight ? 8 : 9)];
        if (Weighted.Sum(d, eight ? Weights[1..] : Weights) % 11 != 0 || Weighted.IsFiller(d)) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        if (nearness > 0) scan.Report(PersonalDataKinds.NlBsn, groups.Start, end, 0.7 + 0.3 * nearness);
    }
}
