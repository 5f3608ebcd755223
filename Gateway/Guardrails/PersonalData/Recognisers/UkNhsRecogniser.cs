using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Numbers of the British National Health Service: ten digits, the last by weights 10 to 2 modulo 11 (NHS Data Model and Dictionary).</summary>
internal static class UkNhsRecogniser
{
    private static readonly ContextWords Context = new("nhs", "national health", "patient no", "patient number", "patient id", "health service number", "health number");

    private static ReadOnlySpan<sbyte> Weights => [10, 9, 8, 7, 6, 5, 4, 3, 2];

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(10);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        var grouped = groups.Has(scan.Text, "334", " ") || groups.Has(scan.Text, "334", "-");
        if ((used > 1 && !grouped) || !scan.EndsClean(end)) return;
        var d = groups.Digits[..10];
        var check = 11 - Weighted.Sum(d, Weights) % 11;
        if ((check == 11 ? 0 : check) != d[9] || Weighted.IsFiller(d)) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        if (nearness > 0) scan.Report(PersonalDataKinds.UkNhs, groups.Start, end, (grouped ? 0.7 : 0.6) + 0.3 * nearness);
        // The same grouping is that of telephone numbers, which then win.
        else if (grouped && scan.Text[groups.EndOf(0)] == ' ') scan.Report(PersonalDataKinds.UkNhs, groups.Start, end, 0.5);
    }
}
