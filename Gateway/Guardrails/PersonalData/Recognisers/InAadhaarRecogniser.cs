using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Indian Aadhaar numbers: twelve digits, the first from 2 on, the last by Verhoeff's scheme.</summary>
internal static class InAadhaarRecogniser
{
    private static readonly ContextWords Context = new("aadhaar", "aadhar", "adhaar", "adhar", "uidai", "uid", "आधार");

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(12);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        var grouped = groups.Has(scan.Text, "444", " ") || groups.Has(scan.Text, "444", "-");
        if ((used > 1 && !grouped) || !scan.EndsClean(end)) return;
        // A further group of four makes it a payment card.
        if (grouped && groups.Count > 3 && groups.SizeOf(3) > 2) return;
        var d = groups.Digits[..12];
        if (d[0] < 2 || Weighted.IsFiller(d) || !Verhoeff.IsValid(d)) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        if (nearness > 0) scan.Report(PersonalDataKinds.InAadhaar, groups.Start, end, 0.8 + 0.2 * nearness);
        else if (grouped) scan.Report(PersonalDataKinds.InAadhaar, groups.Start, end, 0.65);
    }
}
