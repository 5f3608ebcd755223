using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>Shows the texts of a body to each guardrail in turn, and says what is to become of them.</summary>
internal readonly struct TextScreen(TimeProvider time, GuardrailMetrics metrics)
{
    /// <summary>Looks at all texts.</summary>
    /// <param name="scratch">The texts; gets what is to be masked, by place, and who would keep the request or send it elsewhere.</param>
    /// <param name="screened">The rules; gets what was found.</param>
    /// <param name="isReply">Whether they are a reply.</param>
    /// <returns>The rule that lets none of it pass, and why; null = it may pass.</returns>
    public ScreenVerdict? Look(ScreenScratch scratch, Screened screened, bool isReply)
    {
        var (texts, findings, stretches) = (scratch.Texts, scratch.All, scratch.Stretches);
        foreach (var rule in screened.Rules)
        {
            var action = isReply ? rule.ReplyAction : rule.PromptAction;
            if (action is null) continue;
            findings.Clear();
            if (!TryLook(rule, scratch, findings))
            {
                metrics.Failed(rule.Guardrail.Name);
                if (rule.FailsOpen) continue;
                return new(rule, [], HasFailed: true);
            }
            if (rule.Guardrail is IMediaGuardrail && scratch.Media.Strips > 0) NoteStrips(rule, scratch.Media.Strips, screened);
            if (findings.Count == 0) continue;
            foreach (var finding in findings.All) screened.Tally.Add(rule.Guardrail.Name, isReply, action, finding.Type);
            metrics.Found(rule.Guardrail.Name, action, isReply, findings.Count);
            if (action == GuardrailActions.Block) return VerdictOf(rule, findings);
            if (action == GuardrailActions.Quarantine) scratch.Quarantines.Add(VerdictOf(rule, findings));
            if (action == GuardrailActions.Reroute) scratch.Reroute ??= VerdictOf(rule, findings);
            if (action == GuardrailActions.Mask && rule.Guardrail.FindsStretches)
            {
                foreach (var finding in findings.All)
                {
                    stretches.Add(finding, rule.Restores && !isReply);
                    if (!isReply) screened.Placeholders.Note(finding.Type, rule.Guardrail.Name);
                }
            }
        }
        if (stretches.IsEmpty) return null;
        foreach (var (finding, restores) in stretches.Merged())
        {
            var mask = isReply ? Redaction.Of(finding.Type) : screened.Placeholders.Of(finding.Type, texts.All.Slice(finding.Start, finding.Length), restores, texts.All);
            scratch.Replacements.Add(new(finding.Start, finding.Length, mask));
        }
        return null;
    }

    private static ScreenVerdict VerdictOf(ActiveRule rule, FindingList findings) => new(rule, [.. findings.All.ToArray().Select(finding => finding.Type)], HasFailed: false);

    // A place that is taken out of a picture is masked, whatever becomes of what else was found.
    private void NoteStrips(ActiveRule rule, int count, Screened screened)
    {
        screened.Tally.Add(rule.Guardrail.Name, isReply: false, GuardrailActions.Mask, MediaGuardrail.Place, count);
        metrics.Found(rule.Guardrail.Name, GuardrailActions.Mask, isReply: false, count);
    }

    private bool TryLook(ActiveRule rule, ScreenScratch scratch, FindingList all)
    {
        var since = time.GetTimestamp();
        var (texts, found) = (scratch.Texts, scratch.Found);
        var parts = texts.Parts;
        try
        {
            if (rule.Guardrail is IMediaGuardrail media)
            {
                media.LookAtAll(scratch.Media, rule, all);
                for (var i = 0; i < scratch.Media.Items.Length; i++)
                {
                    media.LookAt(scratch.Media, i, rule, all);
                    if (time.GetElapsedTime(since) > rule.TimeLimit) return false;
                }
                if (rule.ExceptTypes.Count > 0) all.Remove(rule.ExceptTypes);
                return true;
            }
            if (rule.Guardrail is IRequestGuardrail whole)
            {
                // Not settled: that it is too long does not make it speak another language less.
                whole.Look(texts, rule, all);
                if (rule.ExceptTypes.Count > 0) all.Remove(rule.ExceptTypes);
                return time.GetElapsedTime(since) <= rule.TimeLimit;
            }
            for (var i = 0; i < parts.Length; i++)
            {
                Look(rule, texts.TextOf(parts[i]), parts[i].Source, parts[i].Start, found, all);
                if (i > 0 && parts[i].Message >= 0 && parts[i].Message == parts[i - 1].Message && (i + 1 == parts.Length || parts[i + 1].Message != parts[i].Message))
                    LookAcross(rule, texts, i, found, all);
                if (time.GetElapsedTime(since) > rule.TimeLimit) return false;
            }
            if (rule.Guardrail.FindsStretches) MessageSeams.Look(rule, texts, found, all);
            else LookAtConversation(rule, texts, found, all);
        }
        catch (Exception)
        {
            // Whatever it is: the guardrail says nothing about this request, and its own policy says what becomes of it. The exception may hold the text.
            return false;
        }
        all.Settle();
        return time.GetElapsedTime(since) <= rule.TimeLimit;
    }

    private static void Look(ActiveRule rule, ReadOnlySpan<char> text, TextSource source, int offset, FindingList found, FindingList all)
    {
        if (text.IsEmpty) return;
        found.Clear();
        rule.Guardrail.Look(text, source, rule, found);
        foreach (var finding in found.All)
            if (!rule.ExceptTypes.Contains(finding.Type)) all.Add(finding with { Start = finding.Start + offset });
    }

    // What is split over the parts of a message: they are neighbours among the texts.
    private static void LookAcross(ActiveRule rule, BodyTexts texts, int last, FindingList found, FindingList all)
    {
        var parts = texts.Parts;
        var first = last;
        while (first > 0 && parts[first - 1].Message == parts[last].Message) first--;
        Look(rule, texts.All[parts[first].Start..parts[last].End], parts[last].Source, parts[first].Start, found, all);
    }

    // What is split over messages: an instruction in two halves is one to the model.
    private static void LookAtConversation(ActiveRule rule, BodyTexts texts, FindingList found, FindingList all)
    {
        var (messages, length) = (0, 0);
        foreach (ref readonly var part in texts.Parts)
        {
            if (part.Source != TextSource.User) continue;
            (messages, length) = (messages + 1, length + part.Length + 1);
        }
        if (messages < 2 || all.Count > 0) return;
        var buffer = ArrayPool<char>.Shared.Rent(length);
        try
        {
            var at = 0;
            foreach (ref readonly var part in texts.Parts)
            {
                if (part.Source != TextSource.User) continue;
                texts.TextOf(part).CopyTo(buffer.AsSpan(at));
                at += part.Length;
                buffer[at++] = '\n';
            }
            found.Clear();
            rule.Guardrail.Look(buffer.AsSpan(0, at), TextSource.User, rule, found);
            foreach (var finding in found.All)
                if (!rule.ExceptTypes.Contains(finding.Type)) all.Add(finding with { Start = 0, Length = Math.Max(1, texts.All.Length) });
        }
        finally
        {
            buffer.AsSpan(0, length).Clear();
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
