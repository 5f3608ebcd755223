namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Dates beside a word of birth. A date alone is not reported: most are those of deliveries and meetings.</summary>
internal static class DateOfBirthRecogniser
{
    private static readonly ContextWords Context = new(
        "birth", "born", "dob", "d.o.b", "bday", "geboren", "geburt", "geb.", "geb", "naissance", "né le", "née le", "né(e)", "né en", "née en", "nacimiento", "nacid", "nací", "nacio", "nació", "fecha de nac", "nascita", "nato il",
        "nata il", "nato a", "nata a", "nato/a", "urodz", "ur.", "geboorte", "geb. datum", "nascimento", "nascid", "nasceu", "nasci em", "dateofbirth", "geboortedatum", "cumpleaños", "compleanno", "anniversaire", "verjaardag");

    private static readonly ContextWords Others = new(
        "order", "due", "deliver", "invoice", "expir", "issued", "created", "updated", "hired", "joined", "started", "deadline", "liefer", "rechnung", "livraison", "entrega", "consegna", "meeting", "appointment", "valid", "release", "signed", "termin", "admitted", "visit", "shipped");

    /// <summary>Reports the date that begins at a digit or at the name of a month.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        var end = CalendarDate.EndOf(scan.Text, start);
        if (end < 0 || char.IsLetterOrDigit(scan.At(start - 1))) return;
        var nearness = scan.Nearness(Context, start, end);
        // Most times of day belong to events.
        var least = scan.At(end) is 'T' or ':' || (scan.At(end) == ' ' && char.IsAsciiDigit(scan.At(end + 1)) && scan.At(end + 3) == ':') ? 0.85 : 0.3;
        if (nearness < least || (nearness < 0.5 && scan.Text[end..Math.Min(scan.Text.Length, end + ContextWords.After)].IndexOf('\n') == 0) || scan.Nearness(Others, start, start) > nearness) return;
        scan.Report(PersonalDataKinds.DateOfBirth, start, end, 0.6 + 0.4 * nearness);
    }
}
