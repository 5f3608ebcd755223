namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Telephone numbers: international ones (ITU-T E.164, behind + or 00) with the length of their country, and national ones in the groupings of <see cref="PhoneLayouts"/>.
/// A bare row of digits counts only beside a word of telephony, or with the length of a national number with its leading 0.
/// </summary>
internal static class PhoneRecogniser
{
    private const int MaxDigits = 16;

    private static readonly ContextWords Context = new(
        "phone", "tel", "tel.", "mobile", "mob", "cell", "call", "fax", "sms", "text me", "whatsapp", "hotline", "dial", "ring", "reach", "contact", "telefon", "handy", "mobil", "rufnummer", "anruf", "rückruf",
        "téléphone", "telephone", "portable", "appel", "joindre", "joignable", "numéro", "teléfono", "telefono", "móvil", "movil", "llama", "celular", "cellulare", "chiama", "kom", "komórk", "numer", "zadzwo",
        "telefoon", "mobiel", "bel ", "bellen", "bereik", "telefone", "ligue", "ligar", "número", "zap", "landline", "number is", "phonenumber", "ext", "voicemail", "signal");

    private static readonly ContextWords NotPhones = new(
        "order", "invoice", "ticket", "serial", "tracking", "sku", "isbn", "ref", "case", "account", "acct", "iban", "routing", "card", "nhs", "bsn", "tfn", "ssn", "sin", "pesel", "cpf", "aadhaar", "steuer", "part",
        "batch", "transaction", "bestell", "rechnung", "commande", "facture", "pedido", "factura", "ordine", "fattura", "zamówieni", "faktur", "version", "id", "passport", "licence", "license", "postcode", "zip", "polic", "ean", "upc", "regon", "nip",
        "siret", "siren", "imei", "medicare", "abn", "acn", "nir", "sécurité", "dni", "patient", "social", "commit", "timestamp", "epoch", "model", "article", "artikel", "meter", "vat", "crn", "docket");

    /// <summary>Reports the number that begins at a digit, a plus or a bracket.</summary>
    /// <returns>The place after what was reported, or <paramref name="start"/>.</returns>
    public static int Find(in PersonalDataScan scan, int start)
    {
        if (!scan.StartsClean(start) || (scan.At(start - 1) is '+' or '(' && scan.At(start) != '+')) return start;
        Span<byte> digits = stackalloc byte[MaxDigits];
        Span<int> sizes = stackalloc int[MaxDigits];
        var number = new PhoneNumber(digits, sizes);
        if (!number.Read(scan.Text, start)) return start;
        return number.IsInternational ? FindInternational(scan, ref number, start) : FindNational(scan, ref number, start);
    }

    private static int FindInternational(in PersonalDataScan scan, ref PhoneNumber number, int start)
    {
        var (code, least, most) = CallingCodes.Find(number.Digits);
        if (code == 0 || !number.TrimTo(code + most) || number.Count < code + least) return start;
        if (!EndsClean(scan, number.End)) return start;
        var end = PhoneNumber.WithExtension(scan.Text, number.End);
        var nearness = scan.Nearness(Context, start, end);
        // 00 also begins other numbers.
        var alone = scan.At(start) == '0' ? 0.55 : number.Groups > 1 ? 0.9 : 0.85;
        scan.Report(PersonalDataKinds.Phone, start, end, alone + (1 - alone) * nearness);
        return alone + (1 - alone) * nearness >= 0.5 ? end : start;
    }

    private static int FindNational(in PersonalDataScan scan, ref PhoneNumber number, int start)
    {
        // The words around are looked at once for all lengths: most of the window stands before the number.
        var nearness = -1.0;
        for (; number.Count >= 6; number.DropLast())
        {
            if (!EndsClean(scan, number.End)) continue;
            var layout = PhoneLayouts.ScoreOf(number);
            if (layout == 0 && (number.Groups > 6 || number.Count is < 7 or > 13 || LooksLikeDate(number))) continue;
            if (nearness < 0) nearness = scan.Nearness(Context, start, number.End);
            if (layout == 0 && nearness < 0.4) continue;
            var other = scan.Nearness(NotPhones, start, start);
            var score = layout == 0 ? 0.5 + 0.3 * nearness : nearness > 0 ? layout + (1 - layout) * (0.4 + 0.5 * nearness) : layout;
            // The nearer word says what the number is.
            if (other > 0 && other >= nearness) score = layout >= 0.6 && other < 0.8 ? 0.5 : 0.3;
            var end = PhoneNumber.WithExtension(scan.Text, number.End);
            // A bracket around the whole number is not part of it.
            var first = scan.At(start) == '(' && !scan.Text[start..end].Contains(')') ? start + 1 : start;
            scan.Report(PersonalDataKinds.Phone, first, end, score);
            return score >= 0.5 ? end : start;
        }
        return start;
    }

    private static bool EndsClean(in PersonalDataScan scan, int end)
    {
        // An extension may follow at once: 555-0100x12.
        if (scan.At(end) is 'x' or 'X' && char.IsAsciiDigit(scan.At(end + 1))) return true;
        return scan.EndsClean(end) || (scan.At(end) == '/' && !char.IsAsciiDigit(scan.At(end + 1)));
    }

    private static bool LooksLikeDate(in PhoneNumber number) =>
        number.Groups == 3 && number.Count is 6 or 8 && (number.SizeOf(0) == 4 || number.SizeOf(2) is 4 or 2) && number.SizeOf(1) == 2;
}
