namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>
/// The digits from one place on, with single blanks, dashes, dots or slashes between them: <c>943 476 5919</c> is three groups. At most <see cref="MaxDigits"/> digits are
/// read, so a place costs the same however long the text goes on.
/// </summary>
internal ref struct DigitGroups
{
    /// <summary>Most digits read; a longer run without a separator is no identifier.</summary>
    public const int MaxDigits = 24;

    private readonly Span<byte> digits;
    private readonly Span<int> ends;
    private readonly Span<int> totals;

    /// <summary>Takes the room; each span needs <see cref="MaxDigits"/> elements.</summary>
    public DigitGroups(Span<byte> digits, Span<int> ends, Span<int> totals)
    {
        this.digits = digits;
        this.ends = ends;
        this.totals = totals;
    }

    /// <summary>Where the first digit stands.</summary>
    public int Start { get; private set; }

    /// <summary>How many groups.</summary>
    public int Count { get; private set; }

    /// <summary>The values of all digits, 0 to 9.</summary>
    public readonly ReadOnlySpan<byte> Digits => digits[..(Count == 0 ? 0 : totals[Count - 1])];

    /// <summary>The place after a group.</summary>
    public readonly int EndOf(int group) => ends[group];

    /// <summary>How many digits a group has.</summary>
    public readonly int SizeOf(int group) => totals[group] - (group == 0 ? 0 : totals[group - 1]);

    /// <summary>Reads from a digit on.</summary>
    public void Read(ReadOnlySpan<char> text, int start)
    {
        (Start, Count) = (start, 0);
        var total = 0;
        var at = start;
        while (true)
        {
            var first = total;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                // The group would be cut: what stands before it may still be something.
                if (total == MaxDigits) return;
                digits[total++] = (byte)(text[at++] - '0');
            }
            if (total == first) return;
            ends[Count] = at;
            totals[Count++] = total;
            if (at + 1 >= text.Length || !IsSeparator(text[at]) || !char.IsAsciiDigit(text[at + 1])) return;
            at++;
        }
    }

    /// <summary>How many groups together have exactly so many digits, from the first on; 0 = no number of groups does.</summary>
    public readonly int GroupsFor(int count)
    {
        for (var group = 0; group < Count && totals[group] <= count; group++)
            if (totals[group] == count) return group + 1;
        return 0;
    }

    /// <summary>Whether the first groups have these sizes, one character each, and the separator between them is the same, or any of <paramref name="separators"/> in this order.</summary>
    /// <param name="text">The text they were read from.</param>
    /// <param name="sizes">Such as <c>334</c>.</param>
    /// <param name="separators">One for each gap, or one for all.</param>
    public readonly bool Has(ReadOnlySpan<char> text, string sizes, string separators)
    {
        if (Count < sizes.Length) return false;
        for (var group = 0; group < sizes.Length; group++)
        {
            if (SizeOf(group) != sizes[group] - '0') return false;
            if (group + 1 == sizes.Length) break;
            var wanted = separators[Math.Min(group, separators.Length - 1)];
            var actual = text[ends[group]];
            if (actual != wanted && !(wanted == ' ' && actual is '\u00A0' or '\u202F')) return false;
        }
        return true;
    }

    /// <summary>Whether the first groups are separated by the same character.</summary>
    public readonly bool IsUniform(ReadOnlySpan<char> text, int groups)
    {
        for (var group = 1; group < groups - 1; group++)
            if (text[ends[group]] != text[ends[0]]) return false;
        return true;
    }

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '/' or '\u00A0' or '\u202F' or '\u2011';
}
