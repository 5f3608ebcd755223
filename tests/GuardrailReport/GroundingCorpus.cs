using System.Globalization;

namespace AspireGateway.GuardrailReport;

/// <summary>Makes contexts and statements about them that are supported or not, the same ones each time. Each kind of statement is made from facts that the context does say.</summary>
internal static class GroundingCorpus
{
    private const int PerKind = 120, Seed = 11;

    private static readonly string[] Names =
    [
        "Ada Lovelace", "Alan Turing", "Grace Hopper", "Edsger Dijkstra", "Barbara Liskov", "Konrad Zuse", "Emmy Noether", "Niklaus Wirth", "Marie Curie", "Jorge Borges", "Anna Kowalska", "Jan de Vries",
    ];

    private static readonly string[] Things = ["heater", "printer", "bicycle", "camera", "dishwasher", "router", "projector", "lamp"];

    private static readonly string[] Places = ["Hamburg", "Lyon", "Sevilla", "Torino", "Utrecht", "Gdansk", "Leeds", "Porto"];

    // Each language: the sentences of a context, then a paraphrase of each; {0} name, {1} number, {2} thing, {3} place. The second sentence has a negation, of which the last form is without.
    private static readonly Language[] Languages =
    [
        new(
            ["The invoice of {0} for the {2} amounts to {1} euros and was sent to {3}.", "The warranty for the {2} does not cover damage by water.", "The {2} is delivered to {3} within {1} days."],
            ["For the {2}, the invoice of {0} amounts to {1} euros.", "Damage by water is not covered by the warranty for the {2}.", "Within {1} days the {2} is delivered to {3}."],
            "The warranty for the {2} covers damage by water.", "The {2} may be paid in monthly instalments without interest.", "Whoever soaks the {2} is left to pay for it, since guarantees exclude moisture."),
        new(
            ["Die Rechnung von {0} lautet auf {1} Euro und ging nach {3}.", "Die Garantie f\u00FCr Modell {2} deckt keine Wassersch\u00E4den.", "Modell {2} wird innerhalb von {1} Tagen nach {3} geliefert."],
            ["Auf {1} Euro lautet die Rechnung von {0}.", "Wassersch\u00E4den deckt die Garantie f\u00FCr Modell {2} nicht.", "Nach {3} wird Modell {2} innerhalb von {1} Tagen geliefert."],
            "Die Garantie f\u00FCr Modell {2} deckt Wassersch\u00E4den.", "Modell {2} kann ohne Zinsen in Monatsraten bezahlt werden.", "Feuchtigkeit ist bei {2} von der Gew\u00E4hrleistung ausgeschlossen."),
        new(
            ["La facture de {0} s'\u00E9l\u00E8ve \u00E0 {1} euros et a \u00E9t\u00E9 envoy\u00E9e \u00E0 {3}.", "La garantie du mod\u00E8le {2} ne couvre pas les d\u00E9g\u00E2ts des eaux.", "Le mod\u00E8le {2} est livr\u00E9 \u00E0 {3} en {1} jours."],
            ["Envoy\u00E9e \u00E0 {3}, la facture de {0} s'\u00E9l\u00E8ve \u00E0 {1} euros.", "Les d\u00E9g\u00E2ts des eaux ne sont pas couverts : la garantie du mod\u00E8le {2} ne les couvre.", "En {1} jours, le mod\u00E8le {2} est livr\u00E9 \u00E0 {3}."],
            "La garantie du mod\u00E8le {2} couvre les d\u00E9g\u00E2ts des eaux.", "Le mod\u00E8le {2} peut \u00EAtre pay\u00E9 en mensualit\u00E9s sans frais.", "Pour le {2}, l'humidit\u00E9 est exclue de la protection."),
        new(
            ["La factura de {0} asciende a {1} euros y fue enviada a {3}.", "La garant\u00EDa del modelo {2} no cubre da\u00F1os por agua.", "El modelo {2} se entrega en {3} en {1} d\u00EDas."],
            ["Asciende a {1} euros la factura de {0} enviada a {3}.", "Los da\u00F1os por agua no los cubre la garant\u00EDa del modelo {2}.", "En {1} d\u00EDas se entrega en {3} el modelo {2}."],
            "La garant\u00EDa del modelo {2} cubre da\u00F1os por agua.", "El modelo {2} se puede pagar en plazos mensuales.", "Para el {2}, la humedad queda excluida de la cobertura."),
        new(
            ["La fattura di {0} ammonta a {1} euro ed \u00E8 stata inviata a {3}.", "La garanzia del modello {2} non copre i danni da acqua.", "Il modello {2} viene consegnato a {3} in {1} giorni."],
            ["Inviata a {3}, la fattura di {0} ammonta a {1} euro.", "I danni da acqua non sono coperti: la garanzia del modello {2} copre altro.", "In {1} giorni il modello {2} viene consegnato a {3}."],
            "La garanzia del modello {2} copre i danni da acqua.", "Il modello {2} pu\u00F2 essere pagato a rate mensili.", "Per il {2}, l'umidit\u00E0 \u00E8 esclusa dalla copertura."),
        new(
            ["Faktura dla {0} wynosi {1} euro i trafi\u0142a do {3}.", "Gwarancja modelu {2} nie obejmuje szk\u00F3d wodnych.", "Model {2} zostanie dostarczony do {3} w {1} dni."],
            ["{1} euro wynosi faktura dla {0}.", "Szk\u00F3d wodnych gwarancja modelu {2} nie obejmuje.", "W {1} dni model {2} zostanie dostarczony do {3}."],
            "Gwarancja modelu {2} obejmuje szkody wodne.", "Model {2} mo\u017Cna op\u0142aci\u0107 w ratach miesi\u0119cznych.", "Przy {2} wilgo\u0107 jest wy\u0142\u0105czona z ochrony."),
    ];

    /// <summary>Supported statements that share hardly a word with the context.</summary>
    public const string Synonyms = "said, in synonyms";

    /// <summary>Kinds of statements; the first and <see cref="Synonyms"/> are supported, the others are not.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["said, in other words", "another number", "another name", "the number of somebody else", "a negation left out", "not in the context", "the thing of somebody else", Synonyms];

    /// <summary>All of them.</summary>
    public static IEnumerable<GroundingCase> Make()
    {
        var random = new Random(Seed);
        foreach (var kind in Kinds)
        {
            for (var i = 0; i < PerKind; i++)
            {
                var language = Languages[i % Languages.Length];
                var facts = Enumerable.Range(0, 3).Select(_ => Fact(random)).ToArray();
                // Three persons with three things each: what a mix-up needs.
                while (facts.Select(fact => fact.Name).Distinct().Count() < 3 || facts.Select(fact => fact.Number).Distinct().Count() < 3 || facts.Select(fact => fact.Thing).Distinct().Count() < 3) facts = [.. facts.Select(_ => Fact(random))];
                var context = string.Join('\n', facts.Select(fact => string.Join(' ', language.Says.Select(sentence => Fill(sentence, fact)))));
                var fact = facts[random.Next(3)];
                var other = facts[(Array.IndexOf(facts, fact) + 1) % 3];
                yield return new(kind, context, kind switch
                {
                    "said, in other words" => Fill(language.Again[random.Next(3)], fact),
                    "another number" => Fill(language.Again[0], fact with { Number = fact.Number + 7 }),
                    "another name" => Fill(language.Again[0], fact with { Name = Names.First(name => facts.All(f => f.Name != name)) }),
                    "the number of somebody else" => Fill(language.Says[0], fact with { Number = other.Number }),
                    "the thing of somebody else" => Fill(language.Says[2], fact with { Thing = other.Thing }),
                    Synonyms => Fill(language.Synonyms, fact),
                    "a negation left out" => Fill(language.Turned, fact),
                    _ => Fill(language.New, fact),
                });
            }
        }
    }

    private static (string Name, int Number, string Thing, string Place) Fact(Random random) =>
        (Names[random.Next(Names.Length)], random.Next(12, 2_000) * 10 + 1, Things[random.Next(Things.Length)], Places[random.Next(Places.Length)]);

    private static string Fill(string sentence, (string Name, int Number, string Thing, string Place) fact) =>
        string.Format(CultureInfo.InvariantCulture, sentence, fact.Name, fact.Number, fact.Thing, fact.Place);

    private sealed record Language(string[] Says, string[] Again, string Turned, string New, string Synonyms);
}

/// <summary>A statement about a context.</summary>
/// <param name="Kind">What was done to it; of <see cref="GroundingCorpus.Kinds"/>.</param>
/// <param name="Context">The context.</param>
/// <param name="Statement">The statement.</param>
internal sealed record GroundingCase(string Kind, string Context, string Statement)
{
    /// <summary>Whether the context supports it.</summary>
    public bool IsSupported => Kind == GroundingCorpus.Kinds[0] || Kind == GroundingCorpus.Synonyms;
}
