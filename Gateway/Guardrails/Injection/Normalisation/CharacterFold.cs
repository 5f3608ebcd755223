using System.Text;

namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// Folds one UTF-16 unit to the plain lower-case form that words are compared in: diacritics, full width, circled, superscript, letterlike and small-capital
/// forms go to their base letter (the compatibility decompositions of the Unicode character database), other spaces to a space, invisible and combining
/// characters to nothing. Greek and Cyrillic stay what they are; <see cref="Latin"/> gives the Latin letter that each looks like.
/// </summary>
internal static class CharacterFold
{
    /// <summary>Stands for a character that leaves nothing.</summary>
    public const char Nothing = '\0';

    // Base letters of whole blocks; '?' is a sign, which separates words.
    private static readonly (int Start, string Letters)[] Blocks =
    [
        (0xC0, "aaaaaaaceeeeiiiidnooooo?ouuuuypsaaaaaaaceeeeiiiidnooooo?ouuuuypy"),
        (0x100, "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnn?nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"),
        (0x1E00, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas??s?"),
        (0x1EA0, "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"),
        (0x2100, "aac??cc???ghhhh?iill?nn??pqrrr??stt?z???z?kabc?eef?mo????i?f?????????ddeij"),
        (0x249C, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"),
        (0x1D2C, "a?b?de?ghijklmn?o?prtuwa???bde???g?km?o???ptu??v??????iruv"),
    ];

    private const string SmallCapitals = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzɑaɡgɩiʟlɾrʋvƨs";
    private const string Lookalikes = "аaвbсcеeёeһhіiїiјjкkмmнhоoрpѕsтtуyхxԁdԛqԝwгrαaβbεeηnιiκkνvοoρpτtυuχxγyωw";

    private static readonly char[] Folds = BuildFolds();
    private static readonly CharacterKind[] Kinds = BuildKinds();
    private static readonly char[] LatinForms = BuildLatinForms();

    /// <summary>The folded form; <see cref="Nothing"/> for a character that leaves nothing. Surrogates are for <see cref="SupplementaryFold"/>.</summary>
    public static char Fold(char character) => Folds[character];

    /// <summary>What a folded character is.</summary>
    public static CharacterKind KindOf(char folded) => Kinds[folded];

    /// <summary>The Latin letter that a folded Greek or Cyrillic letter looks like; itself if it looks like none.</summary>
    public static char Latin(char folded) => folded is >= '\u0370' and < '\u0530' ? LatinForms[folded - 0x370] : folded;

    /// <summary>Whether it shows nothing: zero width, a bidirectional control, a variation selector, a soft hyphen.</summary>
    public static bool IsInvisible(char character) => character switch
    {
        '\u00AD' or '\u034F' or '\u061C' or '\u180E' or '\uFEFF' => true,
        >= '\u200B' and <= '\u200F' => true,
        >= '\u202A' and <= '\u202E' => true,
        >= '\u2060' and <= '\u206F' => true,
        >= '\uFE00' and <= '\uFE0F' => true,
        '\u115F' or '\u1160' or '\u3164' or '\uFFA0' => true,
        _ => false,
    };

    private static bool IsCombining(char character) =>
        character is (>= '\u0300' and <= '\u036F') or (>= '\u1AB0' and <= '\u1AFF') or (>= '\u1DC0' and <= '\u1DFF') or (>= '\u20D0' and <= '\u20FF') or (>= '\uFE20' and <= '\uFE2F');

    private static char[] BuildFolds()
    {
        var folds = new char[char.MaxValue + 1];
        for (var unit = 0; unit < folds.Length; unit++)
        {
            var character = (char)unit;
            folds[unit] = character switch
            {
                '\0' => Nothing,
                _ when IsInvisible(character) || IsCombining(character) => Nothing,
                '\n' or '\r' or '\u2028' or '\u2029' or '\u0085' => '\n',
                _ when char.IsWhiteSpace(character) || char.IsControl(character) => ' ',
                '\u2018' or '\u2019' or '\u02BC' or '\u0060' or '\u00B4' => '\'',
                '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB' => '"',
                >= '\u2010' and <= '\u2015' => '-',
                '\u3002' => '.',
                '\u3001' => ',',
                >= '\uFF01' and <= '\uFF5E' => char.ToLowerInvariant((char)(character - 0xFEE0)),
                _ => char.ToLowerInvariant(character),
            };
        }
        foreach (var (start, letters) in Blocks)
            for (var i = 0; i < letters.Length; i++)
                folds[start + i] = letters[i] == '?' ? ' ' : letters[i];
        for (var i = 0; i < SmallCapitals.Length; i += 2) folds[SmallCapitals[i]] = SmallCapitals[i + 1];
        for (var digit = 0; digit < 9; digit++) folds[0x2460 + digit] = (char)('1' + digit);
        return folds;
    }

    private static CharacterKind[] BuildKinds()
    {
        var kinds = new CharacterKind[char.MaxValue + 1];
        for (var unit = 0; unit < kinds.Length; unit++)
        {
            var character = (char)unit;
            kinds[unit] = character switch
            {
                >= 'a' and <= 'z' => CharacterKind.Latin,
                >= '0' and <= '9' => CharacterKind.Digit,
                < '\u0080' => CharacterKind.Gap,
                >= '\u30A0' and <= '\u30FF' => character is '\u30FB' ? CharacterKind.Gap : CharacterKind.Katakana,
                (>= '\u3040' and <= '\u309F') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') => CharacterKind.Single,
                >= '\u0370' and < '\u0530' when char.IsLetter(character) => CharacterKind.Lookalike,
                _ when Rune.IsValid(unit) && char.IsLetter(character) => unit < 0x250 ? CharacterKind.Latin : CharacterKind.Letter,
                _ => CharacterKind.Gap,
            };
        }
        return kinds;
    }

    private static char[] BuildLatinForms()
    {
        var forms = new char[0x530 - 0x370];
        for (var i = 0; i < forms.Length; i++) forms[i] = (char)(0x370 + i);
        for (var i = 0; i < Lookalikes.Length; i += 2) forms[Lookalikes[i] - 0x370] = Lookalikes[i + 1];
        return forms;
    }
}
