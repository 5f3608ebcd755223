using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>One run over one text: what a recogniser reads and where it reports.</summary>
internal readonly ref struct PersonalDataScan(ReadOnlySpan<char> text, PersonalDataKinds kinds, double threshold, FindingList findings)
{
    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Text { get; } = text;

    /// <summary>Whether this kind, or one of these, is looked for.</summary>
    public bool Wants(PersonalDataKinds kind) => (kinds & kind) != PersonalDataKinds.None;

    /// <summary>Adds a finding when its kind is looked for and it is sure enough.</summary>
    /// <param name="kind">One kind.</param>
    /// <param name="start">Its first character.</param>
    /// <param name="end">The first character after it.</param>
    /// <param name="score">How sure, above 0 up to 1.</param>
    public void Report(PersonalDataKinds kind, int start, int end, double score)
    {
        if (score >= threshold && Wants(kind)) findings.Add(new Finding(PersonalDataTypes.NameOf(kind), start, end - start, score));
    }

    /// <summary>How near a word of the group stands: 0 = none in the window, 1 = at once before.</summary>
    public double Nearness(ContextWords words, int start, int end) => words.Nearness(Text, start, end);

    /// <summary>The character there, or U+0000 outside the text.</summary>
    public char At(int index) => (uint)index < (uint)Text.Length ? Text[index] : '\0';

    /// <summary>Whether a number or code can begin there: it is not the rest of a longer word, path, decimal or version.</summary>
    public bool StartsClean(int start)
    {
        var before = At(start - 1);
        if (char.IsLetterOrDigit(before) || before is '_') return false;
        var beforeThat = At(start - 2);
        return before switch
        {
            '-' or '.' or '/' or '\\' or '–' => !char.IsLetterOrDigit(beforeThat),
            ',' => !char.IsDigit(beforeThat) || At(start) is '+' or '(',
            ':' => !char.IsDigit(beforeThat),
            '$' or '€' or '£' or '#' => false,
            _ => true,
        };
    }

    /// <summary>Whether a number or code can end there: no letter, digit, decimal or further part follows.</summary>
    public bool EndsClean(int end)
    {
        var after = At(end);
        if (char.IsLetterOrDigit(after) || after is '_' or '@' or '%' or '€') return false;
        return after is not ('-' or '.' or '/' or ':' or ',' or '–' or '\\') || !char.IsLetterOrDigit(At(end + 1)) || (after is ',' or ':' && !char.IsDigit(At(end + 1)));
    }
}
