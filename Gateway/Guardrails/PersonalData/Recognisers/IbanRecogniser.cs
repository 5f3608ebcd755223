using System.Collections.Frozen;
using AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>International bank account numbers: country, two check digits by ISO/IEC 7064 MOD 97-10, and as many characters as the country has (ISO 13616 register).</summary>
internal static class IbanRecogniser
{
    private const int Longest = 34;

    private static readonly FrozenDictionary<int, int> Lengths = Parse(
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 "
        + "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 "
        + "TL23 TN24 TR26 UA29 VA22 VG24 XK20");

    private static readonly ContextWords Context = new("iban", "account", "konto", "bank", "compte", "cuenta", "conto", "rachun", "rekening", "conta");

    /// <summary>Reports the number that begins at a letter.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        if (!char.IsAsciiDigit(scan.At(start + 2)) && scan.At(start + 2) != ' ') return;
        var (first, second) = (char.ToUpperInvariant(scan.At(start)), char.ToUpperInvariant(scan.At(start + 1)));
        if (!char.IsAsciiLetter(first) || !char.IsAsciiLetter(second) || !Lengths.TryGetValue(first * 128 + second, out var length) || !scan.StartsClean(start)) return;
        Span<char> code = stackalloc char[Longest];
        var count = 0;
        var at = start;
        while (count < length)
        {
            var c = scan.At(at);
            if (char.IsAsciiLetterOrDigit(c)) code[count++] = char.ToUpperInvariant(c);
            else if (c is not (' ' or '-' or '\u00A0') || count < 2 || !char.IsAsciiLetterOrDigit(scan.At(at - 1))) return;
            if (count is 3 or 4 && !char.IsAsciiDigit(code[count - 1])) return;
            at++;
        }
        if (!scan.EndsClean(at)) return;
        var remainder = 0;
        for (var i = 0; i < length; i++) remainder = Mod97.Next(remainder, code[(i + 4) % length]);
        if (remainder != 1 || code[4..length].IndexOfAnyExcept('0') < 0) return;
        scan.Report(PersonalDataKinds.Iban, start, at, 0.95 + 0.05 * scan.Nearness(Context, start, at));
    }

    private static FrozenDictionary<int, int> Parse(string table) =>
        table.Split(' ').ToFrozenDictionary(entry => entry[0] * 128 + entry[1], entry => (entry[2] - '0') * 10 + entry[3] - '0');
}
