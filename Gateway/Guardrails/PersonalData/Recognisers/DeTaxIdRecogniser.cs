namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// German tax identification numbers: eleven digits, of the first ten one digit twice or three times and no other twice (section 139b of the fiscal code and its
/// regulation), the last by ISO/IEC 7064 MOD 11,10.
/// </summary>
internal static class DeTaxIdRecogniser
{
    private static readonly ContextWords Context = new("steuer-id", "steuerid", "steueridentifikation", "steuer-ident", "steuerliche", "steuernummer", "steuer-nr", "steuer", "idnr", "identifikationsnummer", "tax id", "tax-id", "tax identification", "taxid", "tin");

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(11);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        var grouped = groups.Has(scan.Text, "2333", " ") || groups.Has(scan.Text, "2333", "/");
        if ((used > 1 && !grouped) || !scan.EndsClean(end) || !IsValid(groups.Digits[..11])) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        scan.Report(PersonalDataKinds.DeTaxId, groups.Start, end, nearness > 0 ? 0.75 + 0.25 * nearness : grouped ? 0.7 : 0.5);
    }

    private static bool IsValid(ReadOnlySpan<byte> d)
    {
        if (d[0] == 0) return false;
        Span<byte> counts = stackalloc byte[10];
        counts.Clear();
        var product = 10;
        for (var i = 0; i < 10; i++)
        {
            counts[d[i]]++;
            var sum = (d[i] + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        int repeated = 0, most = 0;
        foreach (var count in counts)
        {
            if (count > 1) repeated++;
            most = Math.Max(most, count);
        }
        return repeated == 1 && most <= 3 && (11 - product) % 10 == d[10];
    }
}
