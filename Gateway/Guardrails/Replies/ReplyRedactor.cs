using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>
/// Looks at a reply that comes in pieces. The last characters are held back, as many as the longest pattern needs, so that nothing has left before it was
/// seen whole. Looks are taken at fixed places of the text: how it was cut makes no difference to what is found.
/// </summary>
internal sealed class ReplyRedactor
{
    // How much more has to come before the next look. Each look costs the window and this.
    private const int Step = 64;

    // Already sent, kept because what stands before a number says what it is.
    private const int Context = 256;

    // A finding ends before the white space behind it, which may be within it all the same.
    private const int TrailingSpace = 4;

    // The longest that a finding may reach back; longer than any key.
    private const int LongestOpen = 20 * 1024;

    private readonly Screened screened;
    private readonly GuardrailMetrics metrics;
    private readonly ActiveRule[] rules;
    private readonly int window;
    private readonly FindingList found = new();
    private readonly Stretches masks = new();
    private char[] text = new char[1024];

    // Of the text in the buffer: what was sent, what came, and the length at which the next look is taken.
    private int sent, length, nextLook = Step;

    // Where a finding begins that reached the end of what had come: a key of many lines is known by its first.
    private int openFrom = int.MaxValue;

    /// <summary>For one text of a reply.</summary>
    public ReplyRedactor(Screened screened, GuardrailMetrics metrics)
    {
        (this.screened, this.metrics) = (screened, metrics);
        rules = Array.FindAll(screened.Rules, rule => rule.ReplyAction is not null);
        window = rules.Length == 0 ? 0 : rules.Max(rule => rule.Guardrail.ReplyWindow);
    }

    /// <summary>How many characters wait.</summary>
    public int Waiting => length - sent;

    /// <summary>Takes a piece, and writes what may go out.</summary>
    /// <returns>Why nothing more may; null = it may go on.</returns>
    public ScreenVerdict? Take(ReadOnlySpan<char> piece, IBufferWriter<char> output)
    {
        if (rules.Length == 0)
        {
            output.Write(piece);
            return null;
        }
        while (!piece.IsEmpty)
        {
            var take = Math.Min(piece.Length, nextLook - length);
            Append(piece[..take]);
            piece = piece[take..];
            if (length < nextLook) return null;
            if (Look(Math.Max(sent, length - window), isEnd: false, output) is { } verdict) return verdict;
            Forget();
            nextLook = length + Step;
        }
        return null;
    }

    /// <summary>Writes what waits: nothing more comes.</summary>
    public ScreenVerdict? End(IBufferWriter<char> output) => rules.Length == 0 || Waiting == 0 ? null : Look(length, isEnd: true, output);

    private ScreenVerdict? Look(int cut, bool isEnd, IBufferWriter<char> output)
    {
        masks.Clear();
        openFrom = int.MaxValue;
        var flags = new List<(ActiveRule Rule, Finding Finding)>();
        foreach (var rule in rules)
        {
            found.Clear();
            if (!TryLook(rule))
            {
                metrics.Failed(rule.Guardrail.Name);
                if (rule.FailsOpen) continue;
                return new(rule, [], HasFailed: true);
            }
            foreach (var finding in found.All)
            {
                if (finding.End <= sent || rule.ExceptTypes.Contains(finding.Type)) continue;
                if (rule.ReplyAction == GuardrailActions.Block)
                {
                    screened.Tally.Add(rule.Guardrail.Name, true, rule.ReplyAction, finding.Type);
                    metrics.Found(rule.Guardrail.Name, rule.ReplyAction, true, 1);
                    return new(rule, [finding.Type], HasFailed: false);
                }
                flags.Add((rule, finding));
                if (finding.End >= length - TrailingSpace) openFrom = Math.Min(openFrom, finding.Start);
                // What reaches over the cut goes out whole or not at all. One longer than the window is more than a pattern can be, and is cut with it.
                if (!isEnd && finding.Start < cut && finding.End > cut && finding.Start > sent) cut = Math.Min(cut, finding.Start);
                if (rule.ReplyAction == GuardrailActions.Mask && rule.Guardrail.FindsStretches) masks.Add(finding, restores: false);
            }
        }
        foreach (var (rule, finding) in flags)
        {
            // One that began in what is gone was counted when it began.
            if (finding.Start >= cut || finding.Start < sent) continue;
            screened.Tally.Add(rule.Guardrail.Name, true, rule.ReplyAction!, finding.Type);
            metrics.Found(rule.Guardrail.Name, rule.ReplyAction!, true, 1);
        }
        Write(cut, output);
        return null;
    }

    private bool TryLook(ActiveRule rule)
    {
        try
        {
            rule.Guardrail.Look(text.AsSpan(0, length), TextSource.Assistant, rule, found);
            return true;
        }
        catch (Exception)
        {
            // Its policy says what becomes of the reply; the exception may hold the text.
            return false;
        }
    }

    private void Write(int cut, IBufferWriter<char> output)
    {
        var at = sent;
        foreach (var (finding, _) in masks.Merged())
        {
            if (finding.Start >= cut) break;
            if (finding.End <= at) continue;
            output.Write(text.AsSpan(at, Math.Max(at, finding.Start) - at));
            // Of one that began in what is gone already, only the rest is left to take out.
            if (finding.Start >= at) output.Write(Redaction.Of(finding.Type));
            at = finding.End;
        }
        if (at < cut) output.Write(text.AsSpan(at, cut - at));
        sent = Math.Max(cut, at);
    }

    private void Append(ReadOnlySpan<char> piece)
    {
        if (length + piece.Length > text.Length) Array.Resize(ref text, Math.Max(text.Length * 2, length + piece.Length));
        piece.CopyTo(text.AsSpan(length));
        length += piece.Length;
    }

    // After looks only, so that what is still there does not hang on how the text came.
    private void Forget()
    {
        var drop = sent - Context;
        if (openFrom < drop && sent - openFrom <= LongestOpen) drop = openFrom;
        if (drop < Context) return;
        text.AsSpan(drop, length - drop).CopyTo(text);
        (sent, length) = (sent - drop, length - drop);
    }
}
