using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.PersonalData.Names;
using AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>
/// Finds personal data in a text. One pass: from word to word, and what a word begins with chooses the recognisers that look at it. Each of them reads a bounded stretch, so
/// the work grows with the text's length and no faster. Thread safe: it holds no state.
/// </summary>
internal sealed class PersonalDataDetector
{
    /// <summary>The least score that is worth a report: a shape that is mostly what it looks like.</summary>
    public const double DefaultThreshold = 0.5;

    private const PersonalDataKinds DigitKinds = PersonalDataKinds.CreditCard | PersonalDataKinds.UsSsn | PersonalDataKinds.UkNhs | PersonalDataKinds.DeTaxId | PersonalDataKinds.PlPesel | PersonalDataKinds.NlBsn
        | PersonalDataKinds.BrCpf | PersonalDataKinds.InAadhaar | PersonalDataKinds.AuTfn | PersonalDataKinds.CaSin | PersonalDataKinds.EsDni;

    private const PersonalDataKinds PhraseKinds = PersonalDataKinds.Person | PersonalDataKinds.Organisation;

    private static readonly SearchValues<char> Triggers = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@+(:" + NotAscii());
    private static readonly SearchValues<char> AsciiWord = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Adds what it finds and settles the list, so that no two overlap.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kinds">What is looked for.</param>
    /// <param name="threshold">The least score of a finding, 0 to 1.</param>
    /// <param name="findings">Gets them.</param>
    public void Find(ReadOnlySpan<char> text, PersonalDataKinds kinds, double threshold, FindingList findings)
    {
        var scan = new PersonalDataScan(text, kinds, threshold, findings);
        var groups = new DigitGroups(stackalloc byte[DigitGroups.MaxDigits], stackalloc int[DigitGroups.MaxDigits], stackalloc int[DigitGroups.MaxDigits]);
        var phrase = new Phrase(stackalloc PhraseWord[Phrase.MaxWords]);
        var (at, phoneEnd, phraseEnd) = (0, 0, 0);
        while (at < text.Length)
        {
            var skip = text[at..].IndexOfAny(Triggers);
            if (skip < 0) break;
            at += skip;
            var c = text[at];
            if (!char.IsLetterOrDigit(c))
            {
                Sign(scan, at, c, ref phoneEnd);
                at++;
                continue;
            }
            var end = WordEnd(text, at);
            if (char.IsAsciiDigit(c)) Digits(scan, at, end, ref groups, ref phoneEnd);
            else Word(scan, at, end, ref phrase, ref phraseEnd);
            at = end;
        }
        findings.Settle();
    }

    private static void Sign(in PersonalDataScan scan, int at, char sign, ref int phoneEnd)
    {
        switch (sign)
        {
            case '@' when scan.Wants(PersonalDataKinds.Email):
                EmailRecogniser.Find(scan, at);
                break;
            case '+' or '(' when at >= phoneEnd && scan.Wants(PersonalDataKinds.Phone) && (char.IsAsciiDigit(scan.At(at + 1)) || scan.At(at + 1) == '+'):
                phoneEnd = PhoneRecogniser.Find(scan, at);
                break;
            case ':' when scan.At(at + 1) == ':' && scan.Wants(PersonalDataKinds.IpAddress):
                IpAddressRecogniser.FindV6(scan, at);
                break;
        }
    }

    private static void Digits(in PersonalDataScan scan, int start, int end, ref DigitGroups groups, ref int phoneEnd)
    {
        // What is followed by few digits in all is a quantity: only addresses and dates begin so.
        groups.Read(scan.Text, start);
        var count = groups.Digits.Length;
        if (count >= 8)
        {
            if (scan.Wants(DigitKinds))
            {
                CreditCardRecogniser.Find(scan, groups);
                UsSsnRecogniser.Find(scan, groups);
                UkNhsRecogniser.Find(scan, groups);
                DeTaxIdRecogniser.Find(scan, groups);
                PlPeselRecogniser.Find(scan, groups);
                NlBsnRecogniser.Find(scan, groups);
                BrCpfRecogniser.Find(scan, groups);
                InAadhaarRecogniser.Find(scan, groups);
                AuTfnRecogniser.Find(scan, groups);
                CaSinRecogniser.Find(scan, groups);
                EsDniRecogniser.Find(scan, groups);
            }
        }
        if (count >= 5 && scan.Wants(PersonalDataKinds.FrNir)) FrNirRecogniser.Find(scan, start);
        if (count >= 4 && scan.At(Math.Min(start + 3, end)) == '.' && scan.Wants(PersonalDataKinds.IpAddress)) IpAddressRecogniser.FindV4(scan, start);
        if (scan.Wants(PersonalDataKinds.Phone) && start >= phoneEnd && !AfterBracket(scan, start)) phoneEnd = Math.Max(phoneEnd, PhoneRecogniser.Find(scan, start));
        if (end - start <= 4 && scan.Wants(PersonalDataKinds.DateOfBirth)) DateOfBirthRecogniser.Find(scan, start);
        if (scan.Wants(PersonalDataKinds.CryptoAddress)) CryptoAddressRecogniser.Find(scan, start, end);
        if (scan.Wants(PersonalDataKinds.StreetAddress)) StreetAddressRecogniser.FindFromNumber(scan, start, end);
        Codes(scan, start, end, mixed: true);
    }

    private static void Word(in PersonalDataScan scan, int start, int end, ref Phrase phrase, ref int phraseEnd)
    {
        var text = scan.Text;
        var length = end - start;
        if (start >= phraseEnd && char.IsUpper(text[start]) && scan.Wants(PhraseKinds))
        {
            phrase.Read(text, start);
            if (phrase.Count > 0)
            {
                if (scan.Wants(PersonalDataKinds.Person)) PersonRecogniser.Find(scan, phrase);
                if (scan.Wants(PersonalDataKinds.Organisation)) OrganisationRecogniser.Find(scan, phrase);
                phraseEnd = phrase.End;
            }
        }
        else if (length > 2 && char.IsLower(text[start]) && scan.Wants(PersonalDataKinds.Person)) PersonRecogniser.FindLower(scan, start, end);
        if (scan.Wants(PersonalDataKinds.StreetAddress)) StreetAddressRecogniser.FindFromWord(scan, start, end);
        var mixed = text[start..end].ContainsAnyInRange('0', '9');
        if (mixed || length <= 3) Codes(scan, start, end, mixed);
        if (mixed)
        {
            if (scan.Wants(PersonalDataKinds.InPan) && length == 10) InPanRecogniser.Find(scan, start);
            if (scan.Wants(PersonalDataKinds.SgNric) && length == 9) SgNricRecogniser.Find(scan, start);
            if (scan.Wants(PersonalDataKinds.ItCodiceFiscale) && length == 16) ItCodiceFiscaleRecogniser.Find(scan, start);
            if (scan.Wants(PersonalDataKinds.CryptoAddress) && length >= 26) CryptoAddressRecogniser.Find(scan, start, end);
        }
        else if (scan.Wants(PersonalDataKinds.DateOfBirth) && CalendarDate.IsMonth(text[start..end]))
        {
            DateOfBirthRecogniser.Find(scan, start);
        }
    }

    // Codes of letters and digits, and addresses in hexadecimal.
    private static void Codes(in PersonalDataScan scan, int start, int end, bool mixed)
    {
        var c = scan.Text[start];
        var length = end - start;
        if (char.IsAsciiLetter(c))
        {
            if (scan.Wants(PersonalDataKinds.Iban) && (mixed || length == 2)) IbanRecogniser.Find(scan, start);
            if (scan.Wants(PersonalDataKinds.UkNino) && (length is 2 or 4 or 8 or 9)) UkNinoRecogniser.Find(scan, start);
            if (scan.Wants(PersonalDataKinds.EsNie) && (length is 1 or 8 or 9)) EsNieRecogniser.Find(scan, start);
            if (scan.Wants(PersonalDataKinds.ItCodiceFiscale) && length == 3) ItCodiceFiscaleRecogniser.Find(scan, start);
        }
        if (scan.Wants(PersonalDataKinds.BrCnpj) && (length == 14 || (length == 2 && scan.At(end) == '.'))) BrCnpjRecogniser.Find(scan, start);
        if (length <= 4 && char.IsAsciiHexDigit(c))
        {
            var after = scan.At(end);
            if (after is ':' or '-' or '.' && scan.Wants(PersonalDataKinds.MacAddress)) MacAddressRecogniser.Find(scan, start);
            if (after == ':' && scan.Wants(PersonalDataKinds.IpAddress)) IpAddressRecogniser.FindV6(scan, start);
        }
        if (mixed || char.IsAsciiLetterUpper(c))
        {
            if (scan.Wants(PersonalDataKinds.Passport)) PassportRecogniser.Find(scan, start, end);
            if (scan.Wants(PersonalDataKinds.DrivingLicence)) DrivingLicenceRecogniser.Find(scan, start, end);
        }
    }

    // The bracket before it has been the trigger.
    private static bool AfterBracket(in PersonalDataScan scan, int start) => scan.At(start - 1) is '(' or '+';

    private static int WordEnd(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        while (true)
        {
            var length = text[at..].IndexOfAnyExcept(AsciiWord);
            if (length < 0) return text.Length;
            at += length;
            if (text[at] < 128 || !(char.IsLetterOrDigit(text[at]) || char.GetUnicodeCategory(text[at]) == System.Globalization.UnicodeCategory.NonSpacingMark)) return at == start ? start + 1 : at;
            at++;
        }
    }

    // Letters beyond ASCII begin names too; there are too many to list by hand.
    private static string NotAscii() => string.Create(char.MaxValue - 127, 0, static (letters, _) =>
    {
        for (var i = 0; i < letters.Length; i++) letters[i] = (char)(i + 128);
    });
}
