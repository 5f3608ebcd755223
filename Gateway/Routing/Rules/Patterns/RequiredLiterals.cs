using System.Globalization;
using System.Text;

namespace AspireGateway.Gateway.Routing.Rules.Patterns;

/// <summary>
/// Reads from a regular expression which texts every match must hold, so that most texts can be told from all matches by a plain search. The result is a list of sets: of each set
/// one text stands in every match, whatever its case. It understands the common part of the language; at anything else it says nothing, which is never wrong, only slower.
/// </summary>
internal sealed class RequiredLiterals
{
    // More choices than that are hardly rarer in a text than nothing.
    private const int MaxChoices = 16;

    private readonly string pattern;
    private int at;
    private bool isStrange;

    private RequiredLiterals(string pattern) => this.pattern = pattern;

    /// <summary>The sets of a pattern; empty = nothing is known of its matches.</summary>
    public static string[][] Of(string pattern)
    {
        var reader = new RequiredLiterals(pattern);
        var found = reader.ReadChoices(depth: 0);
        return reader.isStrange || reader.at < pattern.Length ? [] : [.. found];
    }

    /// <summary>How rarely one of a set stands in a text: by its shortest, then by how few there are.</summary>
    public static int WorthOf(string[] set) => (set.Min(text => text.Length) * 100) - set.Length;

    // Alternatives: what all of them require is one of what each requires.
    private List<string[]> ReadChoices(int depth)
    {
        var branches = new List<List<string[]>> { ReadSequence(depth) };
        while (at < pattern.Length && pattern[at] == '|')
        {
            at++;
            branches.Add(ReadSequence(depth));
        }
        if (branches.Count == 1) return branches[0];
        if (branches.Exists(branch => branch.Count == 0)) return [];
        string[] union = [.. branches.SelectMany(branch => branch.MaxBy(WorthOf)!).Distinct(StringComparer.OrdinalIgnoreCase)];
        return union.Length > MaxChoices ? [] : [union];
    }

    // One piece behind the other: each requires what it requires, and neighbouring characters stand side by side.
    private List<string[]> ReadSequence(int depth)
    {
        var required = new List<string[]>();
        var run = new StringBuilder();
        while (at < pattern.Length && pattern[at] is not ('|' or ')') && !isStrange)
        {
            var (kind, character, inside) = ReadPiece(depth);
            var (least, isOnce) = ReadTimes();
            switch (kind)
            {
                case Piece.Nothing:
                    continue;
                case Piece.Literal when isOnce:
                    run.Append(character);
                    continue;
                case Piece.Literal when least > 0:
                    run.Append(character);
                    Flush();
                    continue;
                default:
                    Flush();
                    if (least > 0 && inside is not null) required.AddRange(inside);
                    continue;
            }
        }
        Flush();
        if (depth == 0 && at < pattern.Length && pattern[at] == ')') isStrange = true;
        return required;

        void Flush()
        {
            if (run.Length > 0) required.Add([run.ToString()]);
            run.Clear();
        }
    }

    private (Piece Kind, char Character, List<string[]>? Inside) ReadPiece(int depth)
    {
        var character = pattern[at++];
        switch (character)
        {
            case '^' or '$':
                return (Piece.Nothing, default, null);
            case '.':
                return (Piece.Other, default, null);
            case '\\':
                return ReadEscape();
            case '[':
                SkipClass();
                return (Piece.Other, default, null);
            case '(':
                return (Piece.Other, default, ReadGroup(depth));
            case '*' or '+' or '?':
                return Strange();
            default:
                return OfCharacter(character);
        }
    }

    private (Piece, char, List<string[]>?) ReadEscape()
    {
        if (at == pattern.Length) return Strange();
        var character = pattern[at++];
        return character switch
        {
            'b' or 'B' or 'A' or 'Z' or 'z' => (Piece.Nothing, default, null),
            'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'n' or 'r' or 't' or 'f' or 'v' or 'e' or 'a' => (Piece.Other, default, null),
            _ when char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) => OfCharacter(character),
            _ => Strange(),
        };
    }

    // What is equal to another character in ways that differ between a search and an expression is no literal. ASCII is, for texts that PatternSearch sorts out.
    private static (Piece, char, List<string[]>?) OfCharacter(char character) =>
        char.IsAscii(character) || char.GetUnicodeCategory(character) == UnicodeCategory.OtherLetter ? (Piece.Literal, character, null) : (Piece.Other, default, null);

    private void SkipClass()
    {
        if (at < pattern.Length && pattern[at] == '^') at++;
        if (at < pattern.Length && pattern[at] == ']') at++;
        while (at < pattern.Length && pattern[at] != ']')
        {
            // One class without another, which is rare.
            if (pattern[at] == '[') isStrange = true;
            at += pattern[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    private List<string[]> ReadGroup(int depth)
    {
        if (at < pattern.Length && pattern[at] == '?')
        {
            if (at + 1 < pattern.Length && pattern[at + 1] == ':') at += 2;
            else isStrange = true;
        }
        var inside = ReadChoices(depth + 1);
        if (at < pattern.Length && pattern[at] == ')') at++;
        else isStrange = true;
        return inside;
    }

    // At least how many times, and whether exactly once.
    private (int Least, bool IsOnce) ReadTimes()
    {
        if (at == pattern.Length) return (1, true);
        var (least, isOnce) = (1, false);
        switch (pattern[at])
        {
            case '*' or '?':
                (least, at) = (0, at + 1);
                break;
            case '+':
                at++;
                break;
            case '{' when ReadBounds() is { } read:
                least = read;
                break;
            default:
                return (1, true);
        }
        // As few as possible is as many in the end.
        if (at < pattern.Length && pattern[at] == '?') at++;
        return (least, isOnce);
    }

    // {2}, {2,} or {2,5}; anything else is a brace.
    private int? ReadBounds()
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0) return null;
        var said = pattern[(at + 1)..end].Split(',');
        if (said.Length > 2 || !int.TryParse(said[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least)
            || (said.Length == 2 && said[1].Length > 0 && !int.TryParse(said[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))) return null;
        at = end + 1;
        return least;
    }

    private (Piece, char, List<string[]>?) Strange()
    {
        isStrange = true;
        return (Piece.Other, default, null);
    }

    private enum Piece
    {
        // Stands between two characters.
        Nothing,
        Literal,
        Other,
    }
}
