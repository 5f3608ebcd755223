namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>
/// Names of persons in a phrase: behind a title, a known given name with what follows it, a known family name with what stands before it, initials; and names that no list
/// has where the words around them say that a person is named. A title is not part of the name.
/// </summary>
internal static class PersonRecogniser
{
    private const int MaxWords = 5;

    // At once before a name.
    private static readonly ContextWords Cues = new(
        "name", "named", "called", "i am", "i'm", "this is", "dear", "hi", "hello", "hey", "thanks", "thank you", "regards", "sincerely", "cheers", "yours", "signed", "attn", "patient", "customer", "client", "employee", "colleague", "contact", "contact person", "tenant", "landlord", "guest", "passenger", "applicant", "candidate",
        "beneficiary", "recipient", "sender", "cardholder", "holder", "author", "assignee", "assigned to", "reporter", "owner", "manager", "boss", "supervisor", "wife", "husband", "son", "daughter", "brother", "sister", "mother", "father", "friend", "neighbour", "neighbor", "aunt", "uncle", "doctor", "lawyer", "teacher", "nurse", "witness",
        "with", "from", "by", "and", "met", "cc", "to", "user", "firstname", "first name", "lastname", "last name", "surname", "given name", "full name", "fullname", "maiden", "spouse", "driver", "student", "member", "speaker", "agent", "deliver to", "ship to", "bill to", "billed to",
        "ich bin", "heiße", "heisse", "name ist", "liebe", "lieber", "geehrte", "hallo", "grüße", "gruß", "kunde", "kundin", "vorname", "nachname", "patientin", "mitarbeiter", "kollege", "kollegin", "mieter", "ansprechpartner", "von", "mit", "für", "an",
        "je suis", "m'appelle", "s'appelle", "nom", "prénom", "cher", "chère", "bonjour", "cordialement", "patiente", "cliente", "collègue", "salarié", "avec", "locataire", "assuré",
        "soy", "llamo", "llama", "nombre", "apellidos", "estimado", "estimada", "querido", "querida", "hola", "saludos", "atentamente", "paciente", "empleado", "inquilino", "con",
        "sono", "chiamo", "chiama", "nome", "cognome", "gentile", "egregio", "caro", "cara", "ciao", "saluti", "paziente", "dipendente", "collega", "inquilino",
        "ik ben", "naam is", "naam", "voornaam", "achternaam", "beste", "geachte", "groet", "groeten", "klant", "patiënt", "medewerker", "huurder", "heet", "met", "van",
        "nazywam się", "imię", "nazwisko", "jestem", "szanowny", "szanowna", "drogi", "droga", "cześć", "pozdrawiam", "klient", "klientka", "pacjent", "pacjentka", "pracownik", "najemca",
        "me chamo", "chama", "prezado", "prezada", "olá", "oi", "abraços", "atenciosamente", "funcionário", "inquilina", "titular", "sou");

    // Those of the cues that mostly go before things.
    private static readonly ContextWords WeakCues = new("with", "from", "by", "and", "to", "user", "contact", "von", "mit", "für", "an", "con", "met", "van", "avec", "owner", "holder", "this is", "called", "son", "driver", "client", "agent", "manager", "author", "member", "cc", "nom", "cheers", "thanks", "hi", "with", "soy", "sono", "sou", "with");

    private static readonly ContextWords Places = new("san", "santa", "santo", "são", "saint", "st.", "los", "las", "new", "fort", "port", "mount", "lake", "el");

    /// <summary>Reports the names of a phrase.</summary>
    public static void Find(in PersonalDataScan scan, in Phrase phrase)
    {
        for (var i = 0; i < phrase.Count;)
        {
            var used = At(scan, phrase, i);
            i += Math.Max(1, used);
        }
    }

    // How many words the name and its title are.
    private static int At(in PersonalDataScan scan, in Phrase phrase, int i)
    {
        var word = phrase[i];
        if (word.Is(NameKinds.Title) && i + 1 < phrase.Count && !(word.Is(NameKinds.Initial) && !IsDotted(scan, word)))
        {
            var last = Extend(phrase, i + 1);
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
        var last = Extend(phrase, i);
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
        if (first == 0 && scan.Text[word.Start..word.End] is { Length: > 0 } && Places.IsIn(scan.Text, word.Start - 6, word.Start) && given + family <= 1) return 0;
        var (strong, weak) = Cue(scan, word.Start);
        var upper = word.IsUpper;
        if (words == 1)
        {
            if (initials == 1) return 0;
            if (given == 1 && common == 0) return strong ? 0.85 : weak ? 0.65 : upper ? 0.3 : 0.55;
            if (given == 1) return strong ? 0.7 : 0.3;
            if (family == 1) return common == 0 ? strong ? 0.75 : weak ? 0.5 : 0.35 : strong ? 0.5 : 0.2;
            return strong && word.End - word.Start > 2 ? upper ? 0.4 : 0.55 : 0.1;
        }
        var sure = given > 0 && family > 0 ? 0.88 : given > 0 && endings > 0 ? 0.82 : given > 1 ? 0.75 : given > 0 && unknown > 0 ? 0.7 : given > 0 ? 0.6 : 0;
        if (sure > 0 && upper && family + endings == 0 && !strong) sure = Math.Min(sure, 0.45);
        if (sure > 0 && word.Is(NameKinds.Common) && family + endings == 0) sure -= 0.25;
        if (sure == 0)
        {
            sure = family > 0 && (unknown > 0 || endings > 0) ? 0.6 : family > 1 ? 0.55 : endings > 0 && unknown + endings > 1 ? 0.5 : family > 0 && initials > 0 ? 0.65 : initials > 0 && endings > 0 ? 0.6 : initials > 0 ? 0.45 : 0.35;
            if (upper) sure -= 0.2;
        }
        return Math.Min(0.97, sure + (strong ? 0.3 : weak ? 0.12 : 0));
    }

    private static (bool Strong, bool Weak) Cue(in PersonalDataScan scan, int start)
    {
        // One line end may lie between: "Regards,\nAnna".
        var from = Math.Max(0, start - 16);
        var gap = scan.Text[from..start];
        var stop = gap.LastIndexOfAny('.', '!', '?');
        if (stop >= 0 && start - from - stop < 4 && stop + 1 < gap.Length && gap[stop + 1] == ' ') return (false, false);
        var near = Cues.Nearness(scan.Text, start, start);
        if (near < 0.97) return (false, false);
        var weak = WeakCues.Nearness(scan.Text, start, start) >= near;
        // A colon or a quotation mark makes a label of it.
        var label = gap.LastIndexOf(':') >= gap.Length - 3;
        return (!weak || (label && gap.Length > 2), true);
    }

    // The last word that still belongs to the name; -1 for none.
    private static int Extend(in Phrase phrase, int from)
    {
        var last = -1;
        var count = 0;
        for (var i = from; i < phrase.Count && count < MaxWords; i++)
        {
            var word = phrase[i];
            if (word.Is(NameKinds.Particle) && !word.Is(NameKinds.Given | NameKinds.Family))
            {
                if (last < 0 && i > from) break;
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

    private static bool HasLetters(in Phrase phrase, int first, int last)
    {
        for (var i = first; i <= last; i++)
            if (phrase[i].End - phrase[i].Start > 2) return true;
        return false;
    }

    private static bool IsDotted(in PersonalDataScan scan, in PhraseWord word) => scan.At(word.End - 1) == '.';
}
