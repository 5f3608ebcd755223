using System.Text;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>Cuts a text into sentences and those into words that carry facts. Linear in the text. A character of Chinese or Japanese is a word by itself.</summary>
internal static class SentenceReader
{
    // Endings of the languages of the locales, longest first. Light on purpose: a stem that says too little makes everything alike.
    private static readonly string[] Endings = ["ungen", "ments", "ement", "ing", "ung", "ies", "ion", "ed", "es", "en", "er", "em", "os", "as", "s", "e", "n", "a", "o", "i", "y"];

    private const int ShortestStem = 4;

    /// <summary>The sentences of a text.</summary>
    public static List<FactSentence> Read(ReadOnlySpan<char> text)
    {
        var (sentences, words, isNegated, isFirst, at) = (new List<FactSentence>(), new List<FactWord>(), false, true, 0);
        Span<char> folded = stackalloc char[64];
        while (at < text.Length)
        {
            var unit = text[at];
            if (EndsSentence(text, at))
            {
                End(sentences, words, ref isNegated, unit is '?' or '\uFF1F');
                isFirst = true;
                at++;
            }
            else if (unit == '<' && PlaceholderLength(text[at..]) is > 0 and var placeholder)
            {
                // What was masked is masked on both sides, or nobody can say.
                at += placeholder;
                isFirst = false;
            }
            else if (char.IsAsciiDigit(unit))
            {
                var length = NumberLength(text[at..]);
                words.Add(new(Number(text.Slice(at, length)), FactKind.Number));
                at += length;
                isFirst = false;
            }
            else if (char.IsLetter(unit))
            {
                var length = IsIdeograph(unit) ? 1 : WordLength(text[at..]);
                var word = folded[..Fold(text.Slice(at, Math.Min(length, folded.Length / 2)), folded)];
                // Two are one in most languages: "ne pas", "no nada", "nie nikt".
                isNegated |= FunctionWords.Negates(word);
                if (!FunctionWords.Has(word)) words.Add(new(Stem(word), char.IsUpper(unit) && !isFirst ? FactKind.Name : FactKind.Content));
                at += length;
                isFirst = false;
            }
            else
            {
                at++;
            }
        }
        End(sentences, words, ref isNegated, isQuestion: false);
        return sentences;
    }

    private static void End(List<FactSentence> sentences, List<FactWord> words, ref bool isNegated, bool isQuestion)
    {
        if (words.Count > 0) sentences.Add(new([.. words], isNegated, isQuestion));
        words.Clear();
        isNegated = false;
    }

    // A point within a number or an abbreviation of one letter ends nothing.
    private static bool EndsSentence(ReadOnlySpan<char> text, int at) => text[at] switch
    {
        '\n' or '!' or '?' or ';' or '\u3002' or '\uFF01' or '\uFF1F' => true,
        '.' => at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]) && !(at >= 1 && char.IsUpper(text[at - 1]) && (at == 1 || !char.IsLetterOrDigit(text[at - 2]))),
        _ => false,
    };

    private static int PlaceholderLength(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, Masking.Placeholders.MaxLength)].IndexOf('>');
        return end > 1 && text[1..end].IndexOfAnyExceptInRange('0', '_') < 0 ? end + 1 : 0;
    }

    private static int NumberLength(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] is '.' or ',' or '\'' or '\u00A0' or '\u202F' && length + 1 < text.Length && char.IsAsciiDigit(text[length + 1])))
        {
            if (!char.IsAsciiDigit(text[length]) && (length + 1 >= text.Length || !char.IsAsciiDigit(text[length + 1]))) break;
            length++;
        }
        return length;
    }

    /// <summary>A number without marks of thousands: the last point or comma begins a fraction unless exactly three digits follow it, or it stood there before.</summary>
    internal static string Number(ReadOnlySpan<char> text)
    {
        var last = text.LastIndexOfAny('.', ',');
        var hasFraction = last > 0 && (text.Length - last - 1 != 3 || text[..last].TrimStart('0').IsEmpty) && text[..last].IndexOf(text[last]) < 0;
        var digits = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i])) digits.Append(text[i]);
            else if (i == last && hasFraction) digits.Append('.');
        }
        var number = digits.ToString();
        if (hasFraction) number = number.TrimEnd('0').TrimEnd('.');
        number = number.TrimStart('0');
        return number.Length == 0 || number[0] == '.' ? "0" + number : number;
    }

    private static bool IsIdeograph(char unit) => unit is >= '\u3040' and <= '\u9FFF';

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var length = 1;
        // "isn't" is one word; "l'eau" and "dell'acqua" are two.
        while (length < text.Length && (char.IsLetterOrDigit(text[length]) && !IsIdeograph(text[length]) || CharacterFold.Fold(text[length]) == CharacterFold.Nothing || text[length] is '\'' or '\u2019' && text[length - 1] is 'n' && length + 1 < text.Length && text[length + 1] == 't')) length++;
        return length;
    }

    // Lower case without accents, so that a list and a text agree however they were typed.
    private static int Fold(ReadOnlySpan<char> word, Span<char> into)
    {
        var length = 0;
        foreach (var unit in word)
        {
            if (unit == '\u00DF') into[length++] = 's';
            var plain = CharacterFold.Fold(unit);
            if (char.IsLetterOrDigit(plain)) into[length++] = plain;
        }
        return length;
    }

    private static string Stem(ReadOnlySpan<char> word)
    {
        // Twice at most: "payments", "payment", "pay".
        for (var round = 0; round < 2; round++)
        {
            foreach (var ending in Endings)
            {
                if (word.Length - ending.Length < ShortestStem || !word.EndsWith(ending)) continue;
                word = word[..^ending.Length];
                break;
            }
        }
        return word.ToString();
    }
}
