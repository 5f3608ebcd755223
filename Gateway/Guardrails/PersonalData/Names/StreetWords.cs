using System.Collections.Frozen;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>Words for kinds of streets: those that end a name (English), that begin one (Romance languages and Polish), and that names are compounded with (German and Dutch).</summary>
internal static class StreetWords
{
    private static readonly FrozenSet<string> Endings = (
        "street st avenue ave av road rd lane ln drive dr boulevard blvd court ct way place pl terrace ter close crescent cres square sq parkway pkwy highway hwy gardens grove mews hill row walk circle cir trail trl loop alley plaza path "
        + "turnpike pike crossing crossroad causeway quay wharf esplanade parade green rise vale view meadow meadows manor mount heights hollow junction landing point points port prairie ramp ridge river run shore shores spring springs spur squares station stravenue stream "
        + "summit trace track tunnel union unions valley viaduct village ville vista well wells bend bluff bottom branch bridge brook burg bypass camp canyon cape center centers cliff cliffs club common corner corners course cove creek crest curve dale dam divide estate estates "
        + "expressway extension falls ferry field fields flat flats ford forest forge fork forks fort freeway garden gateway glen glens greens groves harbor harbors haven hills inlet island islands isle key keys knoll knolls lake lakes light lights locks lodge mall mill mills "
        + "mission motorway mountain neck orchard oval overpass park parks pass passage pine pines plain plains radial ranch rapid rapids rest roads rue shoal shoals skyway throughway "
        + "marg nagar salai chowk gali colony layout sarani bazaar enclave vihar").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // The common ones, which need no postcode behind.
    private static readonly FrozenSet<string> Usual = (
        "street st avenue ave road rd lane ln drive dr boulevard blvd court ct way place pl terrace close crescent cres square sq parkway pkwy highway hwy gardens grove mews walk circle trail alley row hill marg nagar salai chowk colony layout sarani").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Openings = (
        "rue avenue boulevard place chemin allée allee impasse quai cours route square passage via viale piazza corso largo vicolo piazzale strada calle c avda avenida av plaza paseo camino carretera ronda travesía travesia ul ulica al aleja aleje pl plac os osiedle "
        + "rua r travessa praça praca alameda rodovia estrada").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Compounds = ["straße", "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "steig", "chaussee", "graben", "straat", "laan", "plein", "gracht", "kade", "dijk", "singel", "pad", "steeg", "dreef", "hof", "markt", "plantsoen"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EndingLookup = Endings.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> UsualLookup = Usual.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> OpeningLookup = Openings.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether an English or Indian street's name ends so.</summary>
    public static bool IsEnding(ReadOnlySpan<char> word) => EndingLookup.Contains(word);

    /// <summary>Whether it does so by one of the usual words.</summary>
    public static bool IsUsualEnding(ReadOnlySpan<char> word) => UsualLookup.Contains(word);

    /// <summary>Whether a French, Italian, Spanish, Polish or Portuguese street's name begins so.</summary>
    public static bool IsOpening(ReadOnlySpan<char> word) => OpeningLookup.Contains(word);

    /// <summary>Whether a German or Dutch street's name: a word that is compounded with a kind of street, or such a word alone behind another.</summary>
    public static bool IsCompound(ReadOnlySpan<char> word)
    {
        foreach (var ending in Compounds)
            if (word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return word.Length >= ending.Length;
        return false;
    }
}
