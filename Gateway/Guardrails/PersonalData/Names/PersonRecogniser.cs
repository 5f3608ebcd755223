namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>
/// Names of persons in a phrase: behind a title, a known given name with what follows it, a known family name with what stands before it, initials; and names that no list
/// has where the words around them say that a person is named. A title is not part of the name.
/// </summary>
internal static class PersonRecogniser
{
    private const int MaxWords = 5;


    /// <summary>Reports the names of a phrase.</summary>
    public static void Find(in PersonalDataScan scan, in Phrase phrase)
    {
        for (var i = 0; i < phrase.Count;)
        {
            var used = At(scan, phrase, i);
            i += Math.Max(1, used);
        }
    }

    /// <summary>Reports a known given name in small letters behind an introduction, with the word behind it when that is no common one.</summary>
    public static void FindLower(in PersonalDataScan scan, int start, int end)
    {
        if (scan.At(start - 1) != ' ' || !PersonCues.IsIntroduced(scan.Text, start) || (NameLexicon.KindsOf(scan.Text[start..end]) & (NameKinds.Given | NameKinds.Common)) != NameKinds.Given) return;
        var last = end;
        if (scan.At(end) == ' ')
        {
            var next = end + 1;
            while (char.IsLetter(scan.At(next)) && next - end < 24) next++;
            var kinds = NameLexicon.KindsOf(scan.Text[Math.Min(end + 1, next)..next]);
            if ((kinds & (NameKinds.Family | NameKinds.FamilyEnding)) != NameKinds.None && (kinds & (NameKinds.Common | NameKinds.Particle | NameKinds.Title)) == NameKinds.None) last = next;
        }
        scan.Report(PersonalDataKinds.Person, start, last, 0.65);
    }

    // How many words the name and its title are.
    private static int At(in PersonalDataScan scan, in Phrase phrase, int i)
    {
        var word = phrase[i];
        if (char.IsLower(scan.Text[word.Start])) return 1;
        if (IsPlace(scan.Text[word.Start..word.End])) return i + 1 < phrase.Count && !phrase[i + 1].Is(NameKinds.Common) ? 2 : 1;
        if (word.Is(NameKinds.Title) && i + 1 < phrase.Count && !(word.Is(NameKinds.Initial) && !IsDotted(scan, word)))
        {
            var last = Extend(scan.Text, phrase, i + 1);
            // "Miss", "Don" and "Pan" are also other words: then a known name follows.
            if (last >= i + 1 && HasLetters(phrase, i + 1, last) && !(word.Is(NameKinds.Given) && !phrase[i + 1].Is(NameKinds.Family)))
            {
                var weak = !IsDotted(scan, word) && phrase[i + 1].IsUnknown && word.End - word.Start <= 4 && word.IsUpper;
                if (!weak)
                {
                    scan.Report(PersonalDataKinds.Person, phrase[i + 1].Start, phrase[last].End, 0.85);
                    return last - i + 1;
                }
            }
        }
        if (word.Is(NameKinds.Title) && !word.Is(NameKinds.Given | NameKinds.Family)) return 1;
        if (word.Is(NameKinds.Common) && !word.Is(NameKinds.Given | NameKinds.Family)) return 1;
        if (i == 0 && char.IsLetterOrDigit(scan.At(word.Start - 1)) || scan.At(word.Start - 1) is '_' or '/' or '\\' or '#' or '$' or '.' && i == 0) return 1;
        return Named(scan, phrase, i);
    }

    private static int Named(in PersonalDataScan scan, in Phrase phrase, int i)
    {
        var word = phrase[i];
        // "Gentile Alessandro": a family name that is also a word of greeting, before a given name.
        if (word.Is(NameKinds.Common) && !word.Is(NameKinds.Given) && i + 1 < phrase.Count && phrase[i + 1].Is(NameKinds.Given)) return 1;
        var last = Extend(scan.Text, phrase, i);
        if (last < i) return 1;
        var score = Score(scan, phrase, i, last);
        if (score < 0.5 && last > i && !word.Is(NameKinds.Given | NameKinds.Family)) return 1;
        if (score > 0)
        {
            // A table or a letter may have the given name behind a comma.
            var end = phrase[last].End;
            if (last == i && word.Is(NameKinds.Family | NameKinds.FamilyEnding) && scan.At(end) == ',' && scan.At(end + 1) == ' ' && char.IsUpper(scan.At(end + 2)))
            {
                var given = end + 2;
                while (char.IsLetter(scan.At(given))) given++;
                if ((NameLexicon.KindsOf(scan.Text[(end + 2)..given]) & (NameKinds.Given | NameKinds.Common)) == NameKinds.Given)
                {
                    scan.Report(PersonalDataKinds.Person, word.Start, given, 0.8);
                    return 1;
                }
            }
            if (end > 0 && scan.At(end - 1) == '.' && !phrase[last].Is(NameKinds.Initial)) end--;
            scan.Report(PersonalDataKinds.Person, word.Start, end, score);
        }
        return last - i + 1;
    }

    private static double Score(in PersonalDataScan scan, in Phrase phrase, int first, int last)
    {
        var word = phrase[first];
        var (given, family, endings, unknown, initials, common) = (0, 0, 0, 0, 0, 0);
        for (var i = first; i <= last; i++)
        {
            var one = phrase[i];
            if (one.Is(NameKinds.Particle) && !one.Is(NameKinds.Given | NameKinds.Family)) continue;
            if (one.Is(NameKinds.Initial)) initials++;
            else if (one.Is(NameKinds.Given) && i == first) given++;
            else if (one.Is(NameKinds.Family) && (given > 0 || !one.Is(NameKinds.Common))) family++;
            else if (one.Is(NameKinds.Given)) given++;
            else if (one.Is(NameKinds.FamilyEnding)) endings++;
            else unknown++;
            if (one.Is(NameKinds.Common)) common++;
        }
        var words = given + family + endings + unknown + initials;
        if (words == 0 || given + family + endings + unknown == 0) return 0;
        if (common == words && words > 1 && given > 0 && family == 0) return 0.3;
        var (strong, weak) = PersonCues.Before(scan.Text, word.Start);
        var upper = word.IsUpper;
        if (words == 1)
        {
            if (initials == 1) return 0;
            if (given == 1 && common == 0) return strong ? 0.85 : weak ? 0.65 : upper ? 0.3 : 0.55;
            if (given == 1) return strong ? 0.7 : 0.3;
            if (family == 1) return common == 0 ? strong ? 0.75 : weak ? 0.5 : 0.35 : strong ? 0.5 : 0.2;
            if (last + 1 < phrase.Count && phrase[last + 1].Is(NameKinds.Common)) return 0.2;
            return strong && word.End - word.Start > 2 ? upper ? 0.4 : 0.55 : 0.1;
        }
        var sure = given > 0 && family > 0 ? 0.88 : given > 0 && endings > 0 ? 0.82 : given > 1 ? 0.75 : given > 0 && unknown > 0 ? 0.7 : given > 0 ? 0.6 : 0;
        if (sure > 0 && upper && family + endings == 0 && !strong) sure = Math.Min(sure, 0.45);
        if (sure > 0 && word.Is(NameKinds.Common) && family + endings == 0) sure -= 0.25;
        if (sure == 0)
        {
            sure = family > 0 && (unknown > 0 || endings > 0) ? 0.6 : family > 1 ? 0.55 : endings > 0 && unknown + endings > 1 ? 0.5 : family > 0 && initials > 0 ? 0.65 : initials > 0 && endings > 0 ? 0.6 : initials > 0 ? 0.45 : common == 0 && words <= 3 ? Unlisted(scan, phrase, first, last) : 0.35;
            if (upper) sure -= 0.2;
        }
        return Math.Min(0.97, sure + (strong ? 0.3 : weak ? 0.12 : 0));
    }

    // The last word that still belongs to the name; -1 for none.
    private static int Extend(ReadOnlySpan<char> text, in Phrase phrase, int from)
    {
        var last = -1;
        var count = 0;
        for (var i = from; i < phrase.Count && count < MaxWords; i++)
        {
            var word = phrase[i];
            if (word.Is(NameKinds.Particle) && !word.Is(NameKinds.Given | NameKinds.Family))
            {
                // Behind a whole name "von" is the word for "of", as in the customer of a company.
                if ((last < 0 && i > from) || (count > 1 && text[word.Start..word.End] is "von" or "van")) break;
                continue;
            }
            if (word.Is(NameKinds.Title) && !word.Is(NameKinds.Given | NameKinds.Family) && !word.Is(NameKinds.Initial)) break;
            if (word.Is(NameKinds.Common) && !word.Is(NameKinds.Initial) && !word.Is(NameKinds.Family | NameKinds.Given)) break;
            if (i > from && word.IsUpper != phrase[from].IsUpper && !word.Is(NameKinds.Initial) && !word.Is(NameKinds.Family)) break;
            last = i;
            count++;
        }
        return last;
    }

    // Two words that no list has: in the middle of a sentence a name rather than anything else, at its beginning only before a verb of persons.
    private static double Unlisted(in PersonalDataScan scan, in Phrase phrase, int first, int last)
    {
        // Small words between two unknown ones are those of institutions and titles as often.
        for (var i = first; i <= last; i++)
            if (phrase[i].Is(NameKinds.Particle) || phrase[i].End - phrase[i].Start < 3 || phrase[i].IsUpper) return 0.3;
        if (last + 1 < phrase.Count || (first > 0 && phrase[first - 1].IsUnknown)) return 0.35;
        if (PersonCues.VerbBehind(scan.Text, phrase[last].End)) return 0.58;
        var start = phrase[first].Start;
        var before = scan.At(start - 1);
        if (first > 0) return 0.45;
        // "the Pythagorean Theorem"
        if (PersonCues.ArticleBefore(scan.Text, start)) return 0.3;
        return before == ' ' && (char.IsLower(scan.At(start - 2)) || scan.At(start - 2) is ',' or ':') ? 0.52 : before is '"' or ',' or '|' or '<' or '\n' ? 0.42 : 0.35;
    }

    private static bool IsPlace(ReadOnlySpan<char> word) => word is "San" or "Santa" or "Santo" or "São" or "Saint" or "St." or "St" or "Los" or "Las" or "New" or "Fort" or "Port" or "Mount" or "Mt." or "Lake" or "Big" or "El" or "Puerto" or "Costa" or "Cape" or "Notre";

    private static bool HasLetters(in Phrase phrase, int first, int last)
    {
        for (var i = first; i <= last; i++)
            if (phrase[i].End - phrase[i].Start > 2) return true;
        return false;
    }

    private static bool IsDotted(in PersonalDataScan scan, in PhraseWord word) => scan.At(word.End - 1) == '.';
}
