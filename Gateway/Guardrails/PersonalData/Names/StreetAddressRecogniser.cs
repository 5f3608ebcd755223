namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>
/// Streets with a house number, in the orders of the languages that are looked at, and the flat, town and postcode that follow (<see cref="AddressTail"/>). Post office boxes too.
/// </summary>
internal static class StreetAddressRecogniser
{
    private const int MaxNameWords = 5, LongestNumber = 6;

    private static readonly ContextWords Context = new("address", "live at", "lives at", "living at", "resid", "adresse", "anschrift", "wohn", "habite", "domicil", "dirección", "vivo en", "vive en", "domicilio", "indirizzo", "abito", "abita", "adres", "woon", "mieszka", "zamieszka", "endereço", "moro", "mora na", "reside", "ship to", "deliver", "located", "moved to", "home", "send it to", "office");

    /// <summary>Reports the address that begins with a house number: <c>12 Main Street</c>, <c>8 rue de la Paix</c>.</summary>
    public static void FindFromNumber(in PersonalDataScan scan, int start, int end)
    {
        if (end - start > LongestNumber || !scan.StartsClean(start) && scan.At(start - 1) != '#') return;
        var text = scan.Text;
        var at = end;
        // 12/3 and 12-14 are numbers of houses.
        if (scan.At(at) is '/' or '-' && char.IsAsciiDigit(scan.At(at + 1))) at = WordEnd(text, at + 1);
        if (scan.At(at) == ',') at++;
        if (scan.At(at++) != ' ') return;
        var wordEnd = WordEnd(text, at);
        if (wordEnd == at) return;
        if (text[at..wordEnd] is "bis" or "ter" or "quater")
        {
            at = wordEnd + (scan.At(wordEnd) == ',' ? 2 : 1);
            wordEnd = WordEnd(text, Math.Min(at, text.Length));
        }
        if (wordEnd > at && StreetWords.IsOpening(text[at..wordEnd]) && wordEnd - at > 2 && NameEnd(text, wordEnd, out _) is > 0 and var french)
        {
            Report(scan, start, french, 0.8);
            return;
        }
        if (!char.IsUpper(text[at]) && !char.IsAsciiDigit(text[at])) return;
        English(scan, start, at);
    }

    /// <summary>Reports the address that begins with a word: <c>Via Roma 12</c>, <c>Hauptstraße 5</c>.</summary>
    public static void FindFromWord(in PersonalDataScan scan, int start, int end)
    {
        var text = scan.Text;
        var word = text[start..end];
        if (scan.At(end) is not (' ' or '.' or '/')) return;
        if (StreetWords.IsOpening(word) && (word.Length > 2 || scan.At(end) is '.' or '/') && NameEnd(text, scan.At(end) is '.' or '/' ? end + 1 : end, out var capitals) is > 0 and var name && capitals > 0)
        {
            var numberAt = name;
            if (scan.At(numberAt) == ',') numberAt++;
            if (scan.At(numberAt) == ' ') numberAt++;
            if (text[Math.Min(numberAt, text.Length)..].StartsWith("nº ") || text[Math.Min(numberAt, text.Length)..].StartsWith("n. ")) numberAt += 3;
            else if (text[Math.Min(numberAt, text.Length)..].StartsWith("nº")) numberAt += 2;
            var number = NumberEnd(text, numberAt);
            // French streets have the number in front, and there this was seen already.
            if (number > numberAt)
            {
                Report(scan, start, number, char.IsUpper(word[0]) || word.Length <= 2 || word.StartsWith("ul") ? 0.78 : 0.7);
                return;
            }
        }
        if (!char.IsUpper(word[0])) return;
        if (word.Length >= 2 && IsBox(scan, start, out var box))
        {
            Report(scan, start, box, 0.8);
            return;
        }
        if (!char.IsAsciiDigit(scan.At(end + (scan.At(end) == '.' ? 2 : 1))) || word.Length < 3) return;
        if (!StreetWords.IsCompound(word))
        {
            Unnamed(scan, start, end);
            return;
        }
        var first = start;
        // "Am Alten Markt 5", "Berliner Straße 5", "Karl-Marx-Allee 5".
        if (IsAlone(word) || scan.At(start - 1) == '-') first = WordsBefore(text, start);
        if (IsAlone(word) && first == start) return;
        var from = scan.At(end) == '.' ? end + 1 : end;
        if (scan.At(from) != ' ') return;
        var houseEnd = NumberEnd(text, from + 1);
        if (houseEnd > from + 1) Report(scan, first, houseEnd, word.EndsWith("hof") || word.EndsWith("markt") || word.EndsWith("ring") || word.EndsWith("pad") ? 0.5 : 0.75);
    }

    // "Am Wasserturm 3, 50829 Köln": no word of a street, but a number, a postcode and a town.
    private static void Unnamed(in PersonalDataScan scan, int start, int end)
    {
        if (scan.At(end) != ' ' || (NameLexicon.KindsOf(scan.Text[start..end]) & NameKinds.Common) != NameKinds.None) return;
        var houseEnd = NumberEnd(scan.Text, end + 1);
        if (houseEnd == end + 1 || scan.At(houseEnd) is not (',' or '\n')) return;
        var at = houseEnd + (scan.At(houseEnd + 1) == ' ' ? 2 : 1);
        for (var digit = 0; digit < 5; digit++)
            if (!char.IsAsciiDigit(scan.At(at + digit)) && !(digit == 2 && scan.At(at + digit) == '-')) return;
        if (AddressTail.EndOf(scan.Text, houseEnd, out var hasPostcode) is var whole && hasPostcode && char.IsLetter(scan.At(whole - 1))) scan.Report(PersonalDataKinds.StreetAddress, WordsBefore(scan.Text, start), whole, 0.7);
    }

    private static void English(in PersonalDataScan scan, int start, int at)
    {
        var text = scan.Text;
        var (last, usual) = (-1, false);
        for (var words = 0; words < MaxNameWords && at < text.Length; words++)
        {
            var end = WordEnd(text, at);
            if (end == at || !(char.IsUpper(text[at]) || char.IsAsciiDigit(text[at]))) break;
            if (words > 0 && StreetWords.IsEnding(text[at..end]))
            {
                last = end;
                usual = StreetWords.IsUsualEnding(text[at..end]);
            }
            at = end;
            if (scan.At(at) == '.') at++;
            if (scan.At(at) != ' ') break;
            at++;
        }
        if (last < 0) return;
        // A compass point may follow: 12 Main Street NW.
        foreach (var point in (ReadOnlySpan<string>)[" NW", " NE", " SW", " SE", " N", " S", " E", " W", " North", " South", " East", " West"])
        {
            if (!text[last..].StartsWith(point) || char.IsLetter(scan.At(last + point.Length))) continue;
            last += point.Length;
            break;
        }
        Report(scan, start, last, usual ? 0.75 : 0.45);
    }

    private static void Report(in PersonalDataScan scan, int start, int end, double score)
    {
        var whole = AddressTail.EndOf(scan.Text, end, out var hasPostcode);
        var nearness = scan.Nearness(Context, start, start);
        if (hasPostcode) score = Math.Min(0.95, score + 0.25);
        scan.Report(PersonalDataKinds.StreetAddress, start, whole, Math.Min(0.98, score + 0.2 * nearness));
    }

    // The place after the words of a street's name; small words may stand between. 0 for none.
    private static int NameEnd(ReadOnlySpan<char> text, int at, out int capitals)
    {
        capitals = 0;
        var last = 0;
        for (var words = 0; words < MaxNameWords + 2 && at < text.Length; words++)
        {
            if (text[at] is ' ' or '\'' or '’') at++;
            var end = WordEnd(text, at);
            if (end == at) break;
            var word = text[at..end];
            if (char.IsUpper(word[0]))
            {
                capitals++;
                last = end;
            }
            else if (char.IsAsciiDigit(word[0]) && capitals == 0 && words == 0 && !(end < text.Length && text[end] == ' ' && end + 1 < text.Length && char.IsUpper(text[end + 1]))) break;
            else if (char.IsAsciiDigit(word[0]) && capitals > 0) break;
            else if (word.Length > 5) break;
            at = end;
            if (at < text.Length && text[at] == '.' && word.Length <= 4 && at + 1 < text.Length && text[at + 1] == ' ' && capitals > 0) at++;
            if (at >= text.Length || text[at] is not (' ' or '\'' or '’')) break;
        }
        return last;
    }

    private static int NumberEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 5 && char.IsAsciiDigit(text[end])) end++;
        if (end == at || (end < text.Length && char.IsAsciiDigit(text[end]))) return at;
        // 5a, 5 a, 12/3, 12-14.
        if (end < text.Length && char.IsAsciiLetter(text[end]) && !(end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))) end++;
        if (end + 1 < text.Length && text[end] == '/' && char.IsAsciiLetterUpper(text[end + 1]) && !(end + 2 < text.Length && char.IsLetterOrDigit(text[end + 2]))) end += 2;
        if (end + 1 < text.Length && text[end] is '/' or '-' && char.IsAsciiDigit(text[end + 1]))
        {
            var more = end + 1;
            while (more < text.Length && more - end < 5 && char.IsAsciiDigit(text[more])) more++;
            if (!(more < text.Length && (char.IsLetterOrDigit(text[more]) || text[more] is '/' or '-'))) end = more;
        }
        return end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '%' or '€' or ':' || (text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))) ? at : end;
    }

    private static bool IsBox(in PersonalDataScan scan, int start, out int end)
    {
        end = start;
        var rest = scan.Text[start..];
        foreach (var box in (ReadOnlySpan<string>)["PO Box ", "P.O. Box ", "P.O.Box ", "Postfach ", "Postbus ", "Caixa Postal ", "Apartado de Correos ", "Casella Postale ", "Private Bag "])
        {
            if (!rest.StartsWith(box, StringComparison.OrdinalIgnoreCase)) continue;
            end = NumberEnd(scan.Text, start + box.Length);
            return end > start + box.Length;
        }
        return false;
    }

    private static bool IsAlone(ReadOnlySpan<char> word) => word.Length <= 8 && (word.Equals("str", StringComparison.OrdinalIgnoreCase) || word.Length < 5 || word.Equals("straße", StringComparison.OrdinalIgnoreCase) || word.Equals("strasse", StringComparison.OrdinalIgnoreCase) || word.Equals("allee", StringComparison.OrdinalIgnoreCase) || word.Equals("platz", StringComparison.OrdinalIgnoreCase)
        || word.Equals("markt", StringComparison.OrdinalIgnoreCase) || word.Equals("damm", StringComparison.OrdinalIgnoreCase) || word.Equals("laan", StringComparison.OrdinalIgnoreCase) || word.Equals("straat", StringComparison.OrdinalIgnoreCase) || word.Equals("plein", StringComparison.OrdinalIgnoreCase));

    // Up to three words with capitals or hyphens before the kind of street.
    private static int WordsBefore(ReadOnlySpan<char> text, int start)
    {
        var first = start;
        for (var words = 0; words < 3 && first > 1; words++)
        {
            if (text[first - 1] is not (' ' or '-')) break;
            var at = first - 1;
            while (at > 0 && first - at < 30 && char.IsLetter(text[at - 1])) at--;
            if (at == first - 1 || !char.IsUpper(text[at])) break;
            if (text[first - 1] == ' ' && (NameLexicon.KindsOf(text[at..(first - 1)]) & NameKinds.Common) != NameKinds.None && text[at..(first - 1)] is not ("Am" or "An" or "Im" or "Alte" or "Neue")) break;
            first = at;
        }
        return first;
    }

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 40 && (char.IsLetterOrDigit(text[end]) || (text[end] is '-' or '\'' or '’' && end > at && end + 1 < text.Length && char.IsLetter(text[end + 1])))) end++;
        return end;
    }
}
