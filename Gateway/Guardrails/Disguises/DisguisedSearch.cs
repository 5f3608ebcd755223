using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Disguises;

/// <summary>
/// Looks at a text as it is written, and where something in it is written so that a program does not see it, also at what it means to a reader. Places of what is
/// found are always those of the text as it is written.
/// </summary>
internal static class DisguisedSearch
{
    /// <summary>Adds what is found, settled.</summary>
    /// <param name="text">The text.</param>
    /// <param name="finder">What looks.</param>
    /// <param name="findings">Takes what is found; empty before.</param>
    public static void Find<T>(ReadOnlySpan<char> text, in T finder, FindingList findings)
        where T : struct, IStretchFinder
    {
        finder.Find(text, findings);
        var isChanged = false;
        if (DisguiseSigns.AreIn(text))
        {
            using var plain = new PlainText(text);
            FindPlain(plain, finder, findings);
            isChanged = true;
        }
        var runs = new EncodedTexts(text);
        try
        {
            while (runs.MoveNext()) isChanged |= FindEncoded(runs, finder, findings);
        }
        finally
        {
            runs.Dispose();
        }
        if (isChanged) findings.Settle();
    }

    private static void FindPlain<T>(PlainText plain, in T finder, FindingList findings)
        where T : struct, IStretchFinder
    {
        // The n of \n is no letter of the word behind it.
        findings.RemoveWhere(plain, static (finding, text) => text.IsWithinCharacter(finding.Start));
        var seen = new FindingList();
        finder.Find(plain.Characters, seen);
        foreach (var finding in seen.All)
        {
            var (start, end) = plain.Written(finding.Start, finding.End);
            findings.Add(finding with { Start = start, Length = end - start });
        }
    }

    // What is encoded goes as a whole: its middle cannot be taken out.
    private static bool FindEncoded<T>(in EncodedTexts runs, in T finder, FindingList findings)
        where T : struct, IStretchFinder
    {
        var seen = new FindingList();
        finder.Find(runs.Decoded, seen);
        if (seen.Count == 0) return false;
        var best = seen.All[0];
        foreach (var finding in seen.All)
            if (finding.Score > best.Score) best = finding;
        findings.Add(best with { Start = runs.Start, Length = runs.Length });
        return true;
    }
}
