using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Canadian social insurance numbers: nine digits with Luhn's check digit, none beginning with 0 or 8.</summary>
internal static class CaSinRecogniser
{
    private static readonly ContextWords Context = new("sin", "social insurance", "assurance sociale", "nas", "socialinsurance");

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(9);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        var dashed = groups.Has(scan.Text, "333", "-");
        if ((used > 1 && !dashed && !groups.Has(scan.Text, "333", " ")) || !scan.EndsClean(end)) return;
        var d = groups.Digits[..9];
        if (d[0] is 0 or 8 || Weighted.IsFiller(d) || !Luhn.IsValid(d)) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        if (nearness > 0) scan.Report(PersonalDataKinds.CaSin, groups.Start, end, 0.7 + 0.3 * nearness);
        else if (dashed) scan.Report(PersonalDataKinds.CaSin, groups.Start, end, 0.55);
    }
}
