using System.Runtime.InteropServices;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>Finds what a user split over two messages: half a number at the end of one, the other half at the beginning of the next.</summary>
internal static class MessageSeams
{
    // On each side of a seam: longer than half of any number and address.
    private const int Side = 80;

    // Less sure findings are what two sentences make by chance.
    private const double MinScore = 0.6;

    /// <summary>Adds both halves of what is found at the seams between the user's messages.</summary>
    /// <param name="rule">What looks.</param>
    /// <param name="texts">All texts.</param>
    /// <param name="found">For what is found at one seam.</param>
    /// <param name="all">What was found so far; takes the halves.</param>
    public static void Look(ActiveRule rule, BodyTexts texts, FindingList found, FindingList all)
    {
        var parts = texts.Parts;
        var last = -1;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Source != TextSource.User || parts[i].Length == 0) continue;
            if (last >= 0 && parts[last].Message != parts[i].Message && parts[last].Message >= 0 && MayBeSplit(texts.TextOf(parts[last]), texts.TextOf(parts[i]))) LookAt(parts[last], parts[i], rule, texts, found, all);
            last = i;
        }
    }

    // Of the words beside the seam: one of two sentences holds none of what numbers, addresses and keys are made of.
    private static bool MayBeSplit(ReadOnlySpan<char> before, ReadOnlySpan<char> after)
    {
        var word = before[(before.LastIndexOfAny(' ', '\n') + 1)..];
        var end = after.IndexOfAny(' ', '\n');
        return IsOfNumbersAndSigns(word[Math.Max(0, word.Length - Side)..]) || IsOfNumbersAndSigns(after[..Math.Min(end < 0 ? after.Length : end, Side)]);
    }

    private static bool IsOfNumbersAndSigns(ReadOnlySpan<char> word) => word.IndexOfAny("@_-+") >= 0 || word.ContainsAnyInRange('0', '9');

    private static void LookAt(in TextPart before, in TextPart after, ActiveRule rule, BodyTexts texts, FindingList found, FindingList all)
    {
        Span<char> seam = stackalloc char[(2 * Side) + 1];
        var (left, right) = (Math.Min(Side, before.Length), Math.Min(Side, after.Length));
        texts.TextOf(before)[^left..].CopyTo(seam);
        texts.TextOf(after)[..right].CopyTo(seam[left..]);
        LookAt(seam[..(left + right)], new(before, after, left, Gap: 0), rule, found, all);
        // Groups of digits have a blank between them, which may have been lost with the seam.
        if (char.IsDigit(seam[left - 1]) && char.IsDigit(seam[left]))
        {
            texts.TextOf(after)[..right].CopyTo(seam[(left + 1)..]);
            seam[left] = ' ';
            LookAt(seam[..(left + right + 1)], new(before, after, left, Gap: 1), rule, found, all);
        }
        seam.Clear();
    }

    private static void LookAt(ReadOnlySpan<char> text, Seam seam, ActiveRule rule, FindingList found, FindingList all)
    {
        found.Clear();
        rule.Guardrail.Look(text, TextSource.User, rule, found);
        foreach (var finding in found.All)
        {
            if (finding.Start >= seam.Left || finding.End <= seam.Left + seam.Gap || finding.Score < MinScore || rule.ExceptTypes.Contains(finding.Type) || IsWhole(seam, all)) continue;
            all.Add(finding with { Start = seam.Before.End - seam.Left + finding.Start, Length = seam.Left - finding.Start });
            all.Add(finding with { Start = seam.After.Start, Length = finding.End - seam.Left - seam.Gap });
        }
    }

    // What one of both messages holds whole ends or begins at the seam by chance.
    private static bool IsWhole(Seam seam, FindingList all)
    {
        foreach (var finding in all.All)
            if (finding.End == seam.Before.End || finding.Start == seam.After.Start) return true;
        return false;
    }

    /// <summary>Two messages that follow one another.</summary>
    /// <param name="Before">The earlier.</param>
    /// <param name="After">The later.</param>
    /// <param name="Left">Characters of the earlier that are looked at.</param>
    /// <param name="Gap">Characters that were put between them.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Seam(TextPart Before, TextPart After, int Left, int Gap);
}
