using System.Numerics;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Measures of a value: what it is made of, how random it looks, and whether it is of a kind that is no secret.</summary>
internal static class SecretValue
{
    private const int UuidLength = 36;

    /// <summary>How many digits, capitals and small letters (ASCII).</summary>
    public static (int Digits, int Upper, int Lower) Classes(ReadOnlySpan<char> value)
    {
        var (digits, upper, lower) = (0, 0, 0);
        foreach (var c in value)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (char.IsAsciiLetterUpper(c)) upper++;
            else if (char.IsAsciiLetterLower(c)) lower++;
        }
        return (digits, upper, lower);
    }

    /// <summary>How many different ASCII characters.</summary>
    public static int DistinctCount(ReadOnlySpan<char> value)
    {
        var (low, high) = (0UL, 0UL);
        foreach (var c in value)
        {
            if (c < 64) low |= 1UL << c;
            else if (c < 128) high |= 1UL << (c - 64);
        }
        return BitOperations.PopCount(low) + BitOperations.PopCount(high);
    }

    /// <summary>Shannon's entropy of the characters, in bits for each; at most the logarithm of the length.</summary>
    public static double Entropy(ReadOnlySpan<char> value)
    {
        Span<byte> counts = stackalloc byte[128];
        counts.Clear();
        var length = Math.Min(value.Length, byte.MaxValue);
        foreach (var c in value[..length]) counts[c & 127]++;
        var sum = 0.0;
        foreach (var count in counts)
            if (count > 0) sum -= count * Math.Log2((double)count / length);
        return length == 0 ? 0 : sum / length;
    }

    /// <summary>Whether it is a UUID in its usual form.</summary>
    public static bool IsUuid(ReadOnlySpan<char> value)
    {
        if (value.Length != UuidLength) return false;
        for (var i = 0; i < value.Length; i++)
            if (i is 8 or 13 or 18 or 23 ? value[i] != '-' : !char.IsAsciiHexDigit(value[i])) return false;
        return true;
    }

    /// <summary>Whether all of it is hexadecimal.</summary>
    public static bool IsHex(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
            if (!char.IsAsciiHexDigit(c)) return false;
        return value.Length > 0;
    }

    /// <summary>Whether it is random enough for a key: digits among letters, mixed case or hexadecimal, and no words between dashes.</summary>
    /// <param name="value">The value.</param>
    /// <param name="least">Least length.</param>
    public static bool LooksRandom(ReadOnlySpan<char> value, int least)
    {
        if (value.Length < least || IsUuid(value)) return false;
        var (digits, upper, lower) = Classes(value);
        if (digits + upper + lower < value.Length * 3 / 4 || upper + lower == 0) return false;
        // Base64 of a few bytes may have no digit; words in mixed case have no such number of capitals.
        if (digits == 0 && !(value.Length >= 32 && upper >= value.Length / 4 && lower >= value.Length / 4 && !HasWord(value))) return false;
        if (digits == 1 && value.Length < 32 && (upper == 0 || lower == 0)) return false;
        var entropy = Entropy(value);
        if (IsHex(value)) return entropy >= 2.8 && value.Length >= 16;
        return entropy >= Math.Min(3.6, Math.Log2(value.Length) * 0.8) && !IsMadeOfWords(value);
    }

    // Four or more small letters in a row, several times, with vowels: such rows are rare in random text of 64 characters.
    private static bool IsMadeOfWords(ReadOnlySpan<char> value)
    {
        var (run, inWords) = (0, 0);
        for (var i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && char.IsAsciiLetterLower(value[i])) run++;
            else
            {
                if (run >= 4 && value.Slice(i - run, run).ContainsAny("aeiou")) inWords += run;
                run = 0;
            }
        }
        return inWords >= value.Length * 0.6 && value.ContainsAny("-_./ ");
    }

    private static bool HasWord(ReadOnlySpan<char> value)
    {
        var run = 0;
        foreach (var c in value)
        {
            run = char.IsAsciiLetterLower(c) ? run + 1 : 0;
            if (run >= 7) return true;
        }
        return false;
    }
}
