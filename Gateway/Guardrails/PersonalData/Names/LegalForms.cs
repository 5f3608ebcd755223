using System.Collections.Frozen;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>Legal forms of companies and the nouns that names of institutions end or begin with.</summary>
internal static class LegalForms
{
    // The longer before the shorter.
    private static readonly string[] Forms =
    [
        "& Co. Ltd.", "& Co. Ltd", "& Co Ltd", "& Co. KG", "& Co. LLC", "& Co. Inc.", "& Co.", "& Co", "& Sons Ltd", "& Sons LLC", "& Sons Inc.", "& Sons", "& Cie", "& Söhne", "& Partners", "& Associates", "& Figli S.r.l.", "& Figli", "e Hijos S.L.", "e Hijos", "et Fils", "GmbH & Co. KGaA", "GmbH & Co. KG", "AG & Co. KG", "GmbH", "gGmbH", "mbH", "UG (haftungsbeschränkt)", "UG", "KGaA", "KG", "OHG", "GbR", "AG", "SE", "e.V.", "e. V.", "eG", "e.K.",
        "Inc.", "Inc", "Incorporated", "L.L.C.", "LLC", "L.P.", "LP", "LLP", "Pvt. Ltd.", "Pvt Ltd", "Private Limited", "(Pty) Ltd", "Pty Ltd", "Pty. Ltd.", "Pte Ltd", "Pte. Ltd.", "Ltd.", "Ltd", "Limited", "PLC", "plc", "Plc", "Corp.", "Corp", "Corporation", "Co.", "Company", "CIC",
        "S.A.S.", "SAS", "SASU", "SARL", "S.A.R.L.", "EURL", "SCI", "S.A.U.", "S.A.", "SA", "S.L.U.", "SLU", "S.L.", "SL", "S. de R.L.", "S.p.A.", "SpA", "S.r.l.s.", "S.r.l.", "Srl", "SRL", "S.n.c.", "Snc", "S.a.s.", "Sp. z o.o.", "sp. z o.o.", "Sp. j.", "Sp. k.", "sp.k.", "S.C.", "B.V.", "BV", "N.V.", "NV", "V.O.F.", "VOF",
        "Ltda.", "Ltda", "LTDA", "S/A", "EIRELI", "Eireli", "ME", "EPP", "A/S", "AB", "ApS", "AS", "Oy", "Oyj", "Kft.", "Zrt.", "s.r.o.", "a.s.", "d.o.o.", "LDA", "Lda.", "Lda",
    ];

    private static readonly string[] Heads =
    [
        "Bank", "Group", "Holdings", "Holding", "Institute", "Foundation", "Technologies", "Technology", "Solutions", "Systems", "Partners", "Consulting", "Consultants", "Logistics", "Pharmaceuticals", "Pharma", "Industries", "Ventures", "Capital", "Labs", "Laboratories", "Software", "Airlines", "Airways", "Insurance", "Associates",
        "Enterprises", "Motors", "Electronics", "Energy", "Foods", "Bros", "Brothers", "Sons", "University", "College", "Hospital", "Clinic", "Academy", "Council", "Agency", "Trust", "Society", "Association", "Studios", "Media", "Networks", "Dynamics", "Analytics", "Robotics", "Properties", "Realty", "Services", "International",
        "Werke", "Stadtwerke", "Versicherung", "Versicherungen", "Sparkasse", "Klinikum", "Universität", "Hochschule", "Gruppe", "Groep", "Verzekeringen", "Ziekenhuis", "Universiteit", "Assicurazioni", "Seguros", "Assurances", "Assurance", "Bau", "Construtora", "Transportes", "Logística", "Logistik", "Bouw", "Beheer", "Adviesgroep",
    ];

    private static readonly string[] Openings = ["University of", "Bank of", "Institute of", "Ministry of", "Department of", "College of", "Universität", "Université de", "Université", "Universidad de", "Universidade de", "Universidade Federal", "Università di", "Università degli Studi di", "Uniwersytet", "Universiteit van", "Banco", "Banca", "Banque", "Hospital", "Ospedale", "Hôpital", "Grupo", "Groupe", "Gruppo", "Fundación", "Fundação", "Fondation", "Fondazione", "Stiftung", "Stichting", "Gemeente", "Przedsiębiorstwo", "Spółdzielnia", "Fundacja"];

    private static readonly string[][] FormsByFirst = ByFirst(Forms), OpeningsByFirst = ByFirst(Openings);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HeadLookup = Heads.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The place after the legal form that stands at <paramref name="at"/>; -1 for none.</summary>
    public static int EndOf(ReadOnlySpan<char> text, int at)
    {
        var rest = text[Math.Min(at, text.Length)..];
        if (rest.IsEmpty || rest[0] >= FormsByFirst.Length) return -1;
        foreach (var form in FormsByFirst[rest[0]])
        {
            if (!rest.StartsWith(form)) continue;
            var end = at + form.Length;
            if (end < text.Length && (char.IsLetterOrDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsLetter(text[end + 1])))) continue;
            return end;
        }
        return -1;
    }

    /// <summary>Whether a form is so short that it also stands for other things: AB, SE, ME.</summary>
    public static bool IsShort(ReadOnlySpan<char> form) => form.Length <= 2 || form is "Co." or "SCI" or "SAS" or "VOF" or "EPP" or "CIC" or "Srl";

    /// <summary>Whether the word at this place ends the names of institutions.</summary>
    public static bool IsHead(ReadOnlySpan<char> word) => HeadLookup.Contains(word);

    /// <summary>How long the opening of an institution's name is that the text begins with here; 0 for none.</summary>
    public static int OpeningAt(ReadOnlySpan<char> text, int at)
    {
        if (text[at] >= OpeningsByFirst.Length) return 0;
        foreach (var opening in OpeningsByFirst[text[at]])
            if (text[at..].StartsWith(opening) && at + opening.Length < text.Length && text[at + opening.Length] == ' ') return opening.Length;
        return 0;
    }

    private static string[][] ByFirst(string[] words)
    {
        var groups = new string[128][];
        for (var first = 0; first < groups.Length; first++) groups[first] = [.. words.Where(word => word[0] == first)];
        return groups;
    }
}
