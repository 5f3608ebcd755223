namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>Names of companies and institutions: with a legal form, with a noun such as Bank or University, or beside words of employment. Well-known brands by themselves are not reported.</summary>
internal static class OrganisationRecogniser
{
    private const int MaxWords = 6, Window = 22;

    private static readonly ContextWords Context = new(
        "company", "employer", "firm", "organisation", "organization", "work for", "works for", "worked for", "working for", "work at", "works at", "worked at", "working at", "employed by", "employed at", "joined", "vendor", "supplier", "acquired by", "companyname", "company name", "firma", "unternehmen", "arbeitgeber", "arbeite bei", "arbeitet bei",
        "lieferant", "société", "entreprise", "employeur", "travaille chez", "fournisseur", "empresa", "empleador", "trabajo en", "trabaja en", "trabajo para", "proveedor", "azienda", "società", "lavoro presso", "lavora presso", "fornitore", "ditta", "bedrijf", "werkgever", "werk bij", "werkt bij", "leverancier", "pracodawca", "pracuję w", "pracuje w",
        "spółka", "dostawca", "empregador", "trabalho na", "trabalha na", "fornecedor");

    /// <summary>Reports the organisations of a phrase.</summary>
    public static void Find(in PersonalDataScan scan, in Phrase phrase)
    {
        var from = 0;
        for (var i = 0; i < phrase.Count; i++)
        {
            var end = FormBehind(scan.Text, phrase[i].End);
            if (end > 0 && FirstOf(scan, phrase, from, i) is var first and >= 0 && IsCertain(scan, phrase, first, i, end))
            {
                scan.Report(PersonalDataKinds.Organisation, Start(scan, phrase, first), end, 0.92);
                while (i + 1 < phrase.Count && phrase[i + 1].Start < end) i++;
                from = i + 1;
                continue;
            }
            if (i > from && LegalForms.IsHead(scan.Text[phrase[i].Start..phrase[i].End]) && FirstOf(scan, phrase, from, i - 1) is var start and >= 0 && HasName(phrase, start, i - 1))
            {
                scan.Report(PersonalDataKinds.Organisation, Start(scan, phrase, start), phrase[i].End, 0.72);
                from = i + 1;
                continue;
            }
            var opening = LegalForms.OpeningAt(scan.Text, phrase[i].Start);
            if (opening > 0) from = Opened(scan, phrase, i, opening);
        }
        Listed(scan, phrase);
        if (from == 0) Employed(scan, phrase);
    }

    // Two capitals may be anything; behind a name and not before a number they are a legal form.
    private static bool IsCertain(in PersonalDataScan scan, in Phrase phrase, int first, int last, int end)
    {
        var from = phrase[last].End;
        while (scan.At(from) is ',' or ' ' or '\u00A0') from++;
        return !LegalForms.IsShort(scan.Text[from..end]) || (HasName(phrase, first, last) && !(scan.At(end) is ' ' or '-' && char.IsDigit(scan.At(end + 1))));
    }

    // "University of" and a town, "Banco" and a name.
    private static int Opened(in PersonalDataScan scan, in Phrase phrase, int i, int opening)
    {
        var end = phrase[i].Start + opening;
        var next = i;
        while (next < phrase.Count && phrase[next].Start < end) next++;
        if (next == phrase.Count)
        {
            // A small word, which ends a phrase, was part of the opening.
            if (!char.IsUpper(scan.At(end + 1))) return i;
            var stop = end + 1;
            while (char.IsLetter(scan.At(stop))) stop++;
            scan.Report(PersonalDataKinds.Organisation, phrase[i].Start, stop, 0.7);
            return i + 1;
        }
        var last = Math.Min(phrase.Count - 1, next + 2);
        scan.Report(PersonalDataKinds.Organisation, phrase[i].Start, phrase[last].End, 0.7);
        return last + 1;
    }

    // "Smith, Jones and Brown": family names in a row.
    private static void Listed(in PersonalDataScan scan, in Phrase phrase)
    {
        var word = phrase[phrase.Count - 1];
        if (phrase.Count != 1 || !(word.IsUnknown || word.Is(NameKinds.Family))) return;
        var text = scan.Text;
        var at = word.End;
        if (scan.At(at) == ',' && scan.At(at + 1) == ' ')
        {
            var second = NameEnd(text, at + 2);
            if (second > at + 2 && text[second..].StartsWith(" and ") && NameEnd(text, second + 5) is var third && third > second + 5) scan.Report(PersonalDataKinds.Organisation, word.Start, third, 0.82);
        }
        else if (word.Is(NameKinds.Family | NameKinds.FamilyEnding) && text[at..].StartsWith(" & ") && NameEnd(text, at + 3) is var other && other > at + 3)
        {
            scan.Report(PersonalDataKinds.Organisation, word.Start, other, 0.7);
        }
    }

    private static int NameEnd(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || !char.IsUpper(text[at])) return at;
        var end = at;
        while (end < text.Length && end - at < 30 && char.IsLetter(text[end])) end++;
        var kinds = NameLexicon.KindsOf(text[at..end]);
        return (kinds & (NameKinds.Family | NameKinds.FamilyEnding)) != NameKinds.None || text[at..end].SequenceEqual("Sons") ? end : at;
    }

    private static void Employed(in PersonalDataScan scan, in Phrase phrase)
    {
        var first = 0;
        while (first < phrase.Count && phrase[first].Is(NameKinds.Common | NameKinds.Title | NameKinds.Particle)) first++;
        if (first == phrase.Count || phrase.Count - first > 4) return;
        var unknown = false;
        for (var i = first; i < phrase.Count; i++) unknown |= phrase[i].IsUnknown;
        if (!unknown || phrase[first].Is(NameKinds.Given) || !Context.IsIn(scan.Text, phrase[first].Start - Window, phrase[first].Start)) return;
        if (scan.Nearness(Context, phrase[first].Start, phrase[first].Start) >= 0.96) scan.Report(PersonalDataKinds.Organisation, phrase[first].Start, phrase.End, 0.72);
    }

    private static int FormBehind(ReadOnlySpan<char> text, int at)
    {
        if (at < text.Length && text[at] == ',') at++;
        if (at >= text.Length || !(text[at] is ' ' or '\u00A0')) return -1;
        return LegalForms.EndOf(text, at + 1);
    }

    // The first word of the name that ends with this one: common words at the beginning belong to the sentence.
    private static int FirstOf(in PersonalDataScan scan, in Phrase phrase, int from, int last)
    {
        var first = Math.Max(from, last - MaxWords + 1);
        while (first < last && phrase[first].Is(NameKinds.Common | NameKinds.Title) && !phrase[first].Is(NameKinds.Given | NameKinds.Family) && IsSentence(scan.Text[phrase[first].Start..phrase[first].End])) first++;
        // "Anna Weber von Vogel Logistik": a person of a company.
        for (var i = last - 1; i > first + 1; i--)
            if (scan.Text[phrase[i].Start..phrase[i].End] is "von" or "van" or "de" or "da" or "di" && phrase[first].Is(NameKinds.Given)) return i + 1;
        return first > last || (first == last && phrase[last].Is(NameKinds.Common) && IsSentence(scan.Text[phrase[last].Start..phrase[last].End]) && phrase[last].End - phrase[last].Start < 4) ? -1 : first;
    }

    private static bool HasName(in Phrase phrase, int first, int last)
    {
        for (var i = first; i <= last; i++)
            if (phrase[i].IsUnknown || phrase[i].Is(NameKinds.Family | NameKinds.Given)) return true;
        return false;
    }

    // "Smith & Jones Ltd": what stands before the ampersand belongs to it.
    private static int Start(in PersonalDataScan scan, in Phrase phrase, int first)
    {
        var start = phrase[first].Start;
        if (first > 0 || !scan.Text[..start].EndsWith(" & ")) return start;
        var at = start - 3;
        while (at > 0 && start - at < 40 && (char.IsLetterOrDigit(scan.At(at - 1)) || (scan.At(at - 1) == ' ' && char.IsUpper(scan.At(at)) && char.IsLetter(scan.At(at - 2)) && IsCapitalBefore(scan, at - 1)))) at--;
        return char.IsUpper(scan.At(at)) ? at : start;
    }

    private static bool IsCapitalBefore(in PersonalDataScan scan, int end)
    {
        var at = end;
        while (at > 0 && end - at < 30 && char.IsLetter(scan.At(at - 1))) at--;
        return char.IsUpper(scan.At(at)) && (NameLexicon.KindsOf(scan.Text[at..end]) & NameKinds.Common) == NameKinds.None;
    }

    private static bool IsSentence(ReadOnlySpan<char> word) => !LegalForms.IsHead(word);
}
