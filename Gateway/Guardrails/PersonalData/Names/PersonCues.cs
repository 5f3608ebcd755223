using System.Collections.Frozen;
using System.Reflection;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>Words around a name that say that a person is named: what stands at once before it (person-cues.txt), and verbs behind it.</summary>
internal static class PersonCues
{
    private const int MaxGap = 6, MaxWords = 3, LongestWord = 16;

    private static readonly FrozenSet<string> Strong = Read("strong"), Weak = Read("weak");
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StrongLookup = Strong.GetAlternateLookup<ReadOnlySpan<char>>(), WeakLookup = Weak.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string> Verbs = (
        "is was has had works worked lives lived said says wrote called asked met took opened closed filed wants wanted needs needed joined left lost sent signed told reported complained paid bought ordered applied born died married moved visited "
        + "arbeitet wohnt möchte hat ist war sagte schrieb rief kam will lebt heißt travaille habite a est était dit veut vit souhaite trabaja vive tiene es quiere dijo llamó nació lavora abita ha vuole disse nata nato "
        + "werkt woont heeft wil zei belde pracuje mieszka ma jest chce powiedział złożył napisał trabalha mora tem quer disse").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> VerbLookup = Verbs.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a cue stands at once before the place.</summary>
    /// <returns>A strong one, and any one.</returns>
    public static (bool Strong, bool Weak) Before(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        var label = false;
        while (end > 0 && start - end < MaxGap && !char.IsLetterOrDigit(text[end - 1]))
        {
            var c = text[end - 1];
            // The end of a sentence parts them, an abbreviation's full stop does not.
            if (c is '!' or '?' or ';' or '/' or '\\' or ')' or '#' or '$' or '@' || (c == '.' && start - end < 2)) return default;
            label |= c is ':' or '=';
            end--;
        }
        if (end == start || end == 0) return default;
        var from = end;
        var (strong, weak) = (false, false);
        for (var word = 0; word < MaxWords && !strong; word++)
        {
            var first = from;
            while (first > 0 && from - first < LongestWord && (char.IsLetter(text[first - 1]) || text[first - 1] is '\'' or '’' or '-')) first--;
            if (first == from) break;
            var phrase = text[first..end];
            strong = StrongLookup.Contains(phrase);
            weak |= WeakLookup.Contains(phrase);
            if (first == 0 || text[first - 1] != ' ') break;
            from = first - 1;
        }
        return (strong || (weak && label), strong || weak);
    }

    /// <summary>Whether a verb of persons follows.</summary>
    public static bool VerbBehind(ReadOnlySpan<char> text, int end)
    {
        if (end >= text.Length || text[end] != ' ') return false;
        var stop = end + 1;
        while (stop < text.Length && stop - end < LongestWord && char.IsLetter(text[stop])) stop++;
        return stop > end + 1 && VerbLookup.Contains(text[(end + 1)..stop]);
    }

    /// <summary>Whether an article stands before the place: what follows is then a thing.</summary>
    public static bool ArticleBefore(ReadOnlySpan<char> text, int start)
    {
        if (start < 2 || text[start - 1] != ' ') return false;
        var first = start - 1;
        while (first > 0 && start - first < 6 && char.IsLetter(text[first - 1])) first--;
        return text[first..(start - 1)] is "the" or "a" or "an" or "The" or "A" or "An" or "this" or "that" or "der" or "die" or "das" or "dem" or "den" or "des" or "ein" or "eine" or "le" or "la" or "les" or "un" or "une" or "du" or "el" or "los" or "las" or "una" or "il" or "lo" or "gli" or "het" or "een" or "o" or "os" or "as" or "um" or "uma" or "no" or "na" or "in" or "our" or "your" or "my";
    }

    /// <summary>Whether a name in small letters is introduced here: "my name is", "i am", "i'm".</summary>
    public static bool IsIntroduced(ReadOnlySpan<char> text, int start)
    {
        var before = text[Math.Max(0, start - 12)..start];
        return before.EndsWith("name is ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("name's ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("i'm ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("i am ", StringComparison.OrdinalIgnoreCase) || before.EndsWith(" im ", StringComparison.OrdinalIgnoreCase)
            || before.EndsWith("this is ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("ich bin ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("heiße ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("me llamo ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("appelle ", StringComparison.OrdinalIgnoreCase)
            || before.EndsWith("chiamo ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("naam is ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("nome é ", StringComparison.OrdinalIgnoreCase);
    }

    private static FrozenSet<string> Read(string list)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Names/person-cues") ?? throw new InvalidOperationException("The resource person-cues is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.StartsWith(list + ":", StringComparison.Ordinal)) return line[(list.Length + 1)..].Split(',', StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        throw new InvalidOperationException($"The cues have no list {list}.");
    }
}
