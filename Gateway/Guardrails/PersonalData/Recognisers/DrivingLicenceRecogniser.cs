namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Numbers of driving licences: beside a word that names them, or in the British form (five characters of the surname, the date of birth with the sex in the month, initials,
/// three more), which is rare enough to stand alone.
/// </summary>
internal static class DrivingLicenceRecogniser
{
    private const int Least = 6, Most = 20, LeastDigits = 4, BritishLength = 16;

    private static readonly ContextWords Context = new(
        "driving licence", "driving license", "driver's license", "driver’s license", "drivers license", "driver license", "driver's licence", "driver licence", "drivers licence", "driverlicense", "driverslicense", "drivinglicence",
        "driving_licence", "driver_license", "drivers_license", "driving_license", "licence number", "license number", "licence no", "license no", "dl", "dl#", "dln", "dl no", "dvla", "führerschein", "fahrerlaubnis",
        "permis de conduire", "permis", "carnet de conducir", "permiso de conducir", "licencia de conducir", "patente", "prawo jazdy", "prawa jazdy", "rijbewijs", "cnh", "carteira de motorista", "habilitação");

    /// <summary>Reports the number that begins with the word.</summary>
    public static void Find(in PersonalDataScan scan, int start, int end)
    {
        if (!scan.StartsClean(start)) return;
        if (end - start == BritishLength && IsBritish(scan.Text[start..end]) && scan.EndsClean(end))
        {
            scan.Report(PersonalDataKinds.DrivingLicence, start, end, 0.75 + 0.25 * scan.Nearness(Context, start, end));
            return;
        }
        var (letters, digits, gaps) = (0, 0, 0);
        var at = start;
        while (at - start <= Most && scan.At(at) is var c)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (char.IsAsciiLetterUpper(c)) letters++;
            else if (c is '-' or '/' or ' ' or '.' && gaps < 4 && (char.IsAsciiDigit(scan.At(at + 1)) || (c == '-' && char.IsAsciiLetterUpper(scan.At(at + 1))))) gaps++;
            else break;
            at++;
        }
        if (letters + digits < Least || at - start > Most || digits < LeastDigits || letters > 8 || !scan.EndsClean(at)) return;
        var nearness = scan.Nearness(Context, start, at);
        if (nearness > 0.7) scan.Report(PersonalDataKinds.DrivingLicence, start, at, 0.55 + 0.4 * nearness);
    }

    private static bool IsBritish(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            var fits = i switch
            {
                0 => char.IsAsciiLetterUpper(c),
                < 5 => char.IsAsciiLetterUpper(c) || c == '9',
                < 11 or 13 => char.IsAsciiDigit(c),
                11 => char.IsAsciiLetterUpper(c),
                12 => char.IsAsciiLetterUpper(c) || c == '9',
                _ => char.IsAsciiLetterUpper(c),
            };
            if (!fits) return false;
        }
        var month = (word[6] - '0') % 5 * 10 + word[7] - '0';
        return month is >= 1 and <= 12 && (word[8] - '0') * 10 + word[9] - '0' is >= 1 and <= 31;
    }
}
