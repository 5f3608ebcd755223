namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Social security numbers of the United States: area, group and serial number. There is no check digit; since 2011 only what never was given out can be told: area 000,
/// 666 and from 900 on, group 00, serial 0000 (Social Security Administration).
/// </summary>
internal static class UsSsnRecogniser
{
    private static readonly ContextWords Context = new("ssn", "social security", "social sec", "socialsecurity", "soc sec", "ss#", "ss no", "ssid", "tax id", "taxpayer", "tin", "w-9", "w-2", "w2 ");

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(9);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        var dashed = groups.Has(scan.Text, "324", "-");
        var spaced = groups.Has(scan.Text, "324", " ") || groups.Has(scan.Text, "324", ".");
        if ((used > 1 && !dashed && !spaced) || !scan.EndsClean(end)) return;
        var d = groups.Digits;
        var area = d[0] * 100 + d[1] * 10 + d[2];
        if (area is 0 or 666 or >= 900 || (d[3] == 0 && d[4] == 0) || d[5..9].IndexOfAnyExcept((byte)0) < 0) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        if (dashed) scan.Report(PersonalDataKinds.UsSsn, groups.Start, end, 0.8 + 0.2 * nearness);
        else if (nearness > 0) scan.Report(PersonalDataKinds.UsSsn, groups.Start, end, 0.55 + 0.4 * nearness);
        else if (spaced) scan.Report(PersonalDataKinds.UsSsn, groups.Start, end, 0.5);
    }
}
