using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Numbers of payment cards: issuer's prefix and length (ISO/IEC 7812), Luhn's check digit, bare or in groups.</summary>
internal static class CreditCardRecogniser
{
    private static readonly ContextWords Context = new(
        "card", "visa", "mastercard", "amex", "american express", "credit", "debit", "discover", "diners", "jcb", "maestro", "kreditkarte", "kartennummer", "karte", "carte bancaire", "carte bleue", "numéro de carte",
        "carte de crédit", "tarjeta", "carta di credito", "numero carta", "carta n", "kart", "cartão", "cartao", "creditcard", "kaart", "pan:", "cc:", "cc ", "cvv", "cvc", "paid with", "payment");

    /// <summary>Reports the card that begins with the groups.</summary>
    public static void Find(in PersonalDataScan scan, in DigitGroups groups)
    {
        if (groups.Count == 0 || groups.Digits.Length < 12 || !scan.StartsClean(groups.Start)) return;
        for (var count = groups.Count; count > 0; count--)
        {
            if (LengthOf(groups, count) is < 12 or > 19) continue;
            var digits = groups.Digits[..LengthOf(groups, count)];
            var grouped = count > 1;
            if (grouped && !IsUsualGrouping(scan.Text, groups, count)) continue;
            if (!HasIssuer(digits) || !Luhn.IsValid(digits) || Weighted.IsFiller(digits)) continue;
            var end = groups.EndOf(count - 1);
            if (!scan.EndsClean(end)) continue;
            var nearness = scan.Nearness(Context, groups.Start, end);
            // Lengths that few cards have are those of article numbers and of times in milliseconds.
            var alone = grouped ? 0.85 : digits.Length is 15 or 16 ? 0.6 : 0.3;
            if (nearness == 0 && alone < 0.5) continue;
            scan.Report(PersonalDataKinds.CreditCard, groups.Start, end, alone + (1 - alone) * Math.Max(nearness, nearness > 0 ? 0.5 : 0));
            return;
        }
    }

    private static int LengthOf(in DigitGroups groups, int count)
    {
        var length = 0;
        for (var i = 0; i < count; i++) length += groups.SizeOf(i);
        return length;
    }

    private static bool IsUsualGrouping(ReadOnlySpan<char> text, in DigitGroups groups, int count)
    {
        if (!groups.IsUniform(text, count) || text[groups.EndOf(0)] is '/' or '.') return false;
        if (groups.SizeOf(0) != 4) return false;
        return count switch
        {
            3 => groups.SizeOf(1) == 6 && groups.SizeOf(2) is 4 or 5,
            4 or 5 => groups.SizeOf(1) == 4 && groups.SizeOf(2) == 4,
            _ => false,
        };
    }

    private static bool HasIssuer(ReadOnlySpan<byte> d)
    {
        var two = d[0] * 10 + d[1];
        var three = two * 10 + d[2];
        var four = three * 10 + d[3];
        return d.Length switch
        {
            13 or 16 or 19 when d[0] == 4 => true,
            16 when two is >= 51 and <= 55 || four is >= 2221 and <= 2720 => true,
            15 when two is 34 or 37 => true,
            >= 16 and <= 19 when four == 6011 || three is >= 644 and <= 649 || two == 65 => true,
            14 when three is >= 300 and <= 305 || two is 36 or 38 or 39 => true,
            >= 16 and <= 19 when four is >= 3528 and <= 3589 || two == 62 => true,
            >= 12 and <= 19 when four is 5018 or 5020 or 5038 or 5893 or 6304 or 6759 or 6761 or 6762 or 6763 => true,
            _ => false,
        };
    }
}
