using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>
/// Finds keys, tokens and passwords in a text. Two vectorised searches lead through it, one for what tokens begin with or hold, one for the words that name a secret; only
/// around a hit a bounded stretch is read, so the work grows with the text's length and no faster. Thread safe: its state never changes.
/// </summary>
internal sealed class SecretDetector
{
    private static readonly string[] Marks =
    [
        PemRecogniser.Mark, JwtRecogniser.Mark, UrlCredentialRecogniser.Mark, .. WebhookRecogniser.Marks, .. InnerMarkRecogniser.Marks, .. CommandLineRecogniser.Marks,
    ];

    private readonly SearchValues<string> marks = SearchValues.Create([.. Marks, .. TokenShapes.All.Select(shape => shape.Prefix)], StringComparison.Ordinal);
    private readonly SearchValues<string> names = SearchValues.Create(SecretNames.Words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds what it finds and settles the list, so that no two overlap.</summary>
    public void Find(ReadOnlySpan<char> text, FindingList findings)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(marks);
            if (hit < 0) break;
            at += hit;
            at = Math.Max(at + 1, AtMark(text, at, findings));
        }
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(names);
            if (hit < 0) break;
            at += hit;
            at = Math.Max(at + 1, AssignmentRecogniser.Find(text, at, findings));
        }
        findings.Settle();
    }

    // Returns the place after what was found, or the place itself.
    private static int AtMark(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        var rest = text[at..];
        if (rest.StartsWith(PemRecogniser.Mark)) return PemRecogniser.Find(text, at, findings);
        if (rest.StartsWith(UrlCredentialRecogniser.Mark))
        {
            UrlCredentialRecogniser.Find(text, at, findings);
            return at;
        }
        if (rest.StartsWith(JwtRecogniser.Mark)) return JwtRecogniser.Find(text, at, findings);
        var end = TokenRecogniser.Find(text, at, findings);
        if (end > at) return end;
        WebhookRecogniser.Find(text, at, findings);
        InnerMarkRecogniser.Find(text, at, findings);
        if (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            foreach (var command in CommandLineRecogniser.Marks)
                if (rest.StartsWith(command)) CommandLineRecogniser.Find(text, at, findings);
        return at;
    }
}
