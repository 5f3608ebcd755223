using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Brazilian taxpayer numbers of persons: nine digits and two check digits, each by descending weights modulo 11.</summary>
internal static class BrCpfRecogniser
{
    private static readonly ContextWords Context = new("cpf", "cadastro de pessoa", "contribuinte", "pessoa física");

    private static ReadOnlySpan<sbyte> Weights => [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];

    /// <summary>Reports the number that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        var used = groups.GroupsFor(11);
        if (used == 0 || !scan.StartsClean(groups.Start)) return;
        var end = groups.EndOf(used - 1);
        var punctuated = groups.Has(scan.Text, "3332", "..-");
        if ((used > 1 && !punctuated && !groups.Has(scan.Text, "92", "-") && !groups.Has(scan.Text, "3332", " ")) || !scan.EndsClean(end)) return;
        var d = groups.Digits[..11];
        if (Weighted.IsFiller(d) || CheckOf(d, Weights[1..]) != d[9] || CheckOf(d, Weights) != d[10]) return;
        var nearness = scan.Nearness(Context, groups.Start, end);
        scan.Report(PersonalDataKinds.BrCpf, groups.Start, end, nearness > 0 ? 0.85 + 0.15 * nearness : punctuated ? 0.9 : used > 1 ? 0.6 : 0.5);
    }

    private static int CheckOf(ReadOnlySpan<byte> d, ReadOnlySpan<sbyte> weights)
    {
        var rest = Weighted.Sum(d, weights) % 11;
        return rest < 2 ? 0 : 11 - rest;
    }
}
