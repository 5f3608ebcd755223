using System.Buffers;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.ReplyFormat;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>Reads a whole reply on its way out.</summary>
internal static class WholeReply
{
    /// <summary>Looks at a reply, takes out what must not come back, and puts back what was masked.</summary>
    /// <param name="body">The reply, one JSON object in the caller's dialect, or a text.</param>
    /// <param name="screened">The rules, and what stands for what; gets what was found.</param>
    /// <param name="metrics">Counts it.</param>
    /// <param name="time">Bounds it.</param>
    /// <param name="output">Takes the reply as it may go out; nothing is written where it may go as it is.</param>
    /// <param name="restores">Whether what was masked is put back; false = <see cref="Restore(ReadOnlySpan{byte}, Screened, GuardrailMetrics, IBufferWriter{byte})"/> does it later.</param>
    /// <returns>Why nothing of it may; null = it may.</returns>
    public static ScreenVerdict? Read(ReadOnlySpan<byte> body, Screened screened, GuardrailMetrics metrics, TimeProvider time, IBufferWriter<byte> output, bool restores = true)
    {
        if (screened.MasksReplies && LogprobStrip.MayHave(body))
        {
            var stripped = new ArrayBufferWriter<byte>(body.Length);
            LogprobStrip.Write(body, stripped);
            if (ReadTexts(stripped.WrittenSpan, screened, metrics, time, output, restores, out var isChanged) is { } refused) return refused;
            if (!isChanged) output.Write(stripped.WrittenSpan);
            return null;
        }
        return ReadTexts(body, screened, metrics, time, output, restores, out _);
    }

    /// <summary>Puts back what was masked; nothing is written where there is nothing to put back.</summary>
    /// <param name="body">The reply.</param>
    /// <param name="screened">What stands for what.</param>
    /// <param name="metrics">Counts what the model made up.</param>
    /// <param name="output">Takes the reply.</param>
    public static void Restore(ReadOnlySpan<byte> body, Screened screened, GuardrailMetrics metrics, IBufferWriter<byte> output)
    {
        if (screened.Placeholders.IsEmpty) return;
        using var scratch = ScreenScratch.Take();
        ReplyBody.Read(body, scratch.Texts);
        Restore(scratch.Texts, screened, metrics, scratch.Replacements);
        if (scratch.Replacements.Count > 0) BodyMask.Write(body, scratch.Texts, scratch.Replacements, output);
    }

    private static ScreenVerdict? ReadTexts(ReadOnlySpan<byte> body, Screened screened, GuardrailMetrics metrics, TimeProvider time, IBufferWriter<byte> output, bool restores, out bool isChanged)
    {
        isChanged = false;
        using var scratch = ScreenScratch.Take();
        var (texts, replacements) = (scratch.Texts, scratch.Replacements);
        ReplyBody.Read(body, texts);
        if (new TextScreen(time, metrics).Look(scratch, screened, isReply: true) is { } verdict) return verdict;
        if (restores && !screened.Placeholders.IsEmpty) Restore(texts, screened, metrics, replacements);
        if (screened.Unwraps) Unwrap(texts, replacements);
        if (replacements.Count == 0) return null;
        isChanged = true;
        replacements.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        BodyMask.Write(body, texts, replacements, output);
        return null;
    }

    private static void Unwrap(BodyTexts texts, List<Replacement> replacements)
    {
        foreach (ref readonly var part in texts.Parts)
        {
            if (part.IsJson || !CodeFence.TryUnwrap(texts.TextOf(part), out var inside)) continue;
            var (start, length) = inside.GetOffsetAndLength(part.Length);
            replacements.Add(new(part.Start, start, ""));
            replacements.Add(new(part.Start + start + length, part.Length - start - length, ""));
        }
    }

    private static void Restore(BodyTexts texts, Screened screened, GuardrailMetrics metrics, List<Replacement> replacements)
    {
        var (taken, placeholders) = (replacements.Count, screened.Placeholders);
        Span<char> canonical = stackalloc char[Placeholders.MaxLength];
        foreach (ref readonly var part in texts.Parts)
        {
            var text = texts.TextOf(part);
            var from = 0;
            while (text[from..].IndexOfAny(PlaceholderForm.Beginnings) is var open and >= 0)
            {
                var start = from + open;
                from = start + 1;
                if (PlaceholderForm.Read(text[start..], placeholders, canonical, out var written, out var length) != PlaceholderMatch.Whole) continue;
                from = start + length;
                if (placeholders.ValueOf(canonical[..written]) is not { } value)
                {
                    if (placeholders.GuardrailOfUnknown(canonical[..written]) is { } guardrail) screened.NoteUnknown(guardrail, metrics);
                    continue;
                }
                var at = part.Start + start;
                if (!replacements[..taken].Exists(r => r.Start < at + length && at < r.Start + r.Length))
                    replacements.Add(new(at, length, part.IsJson ? System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value) : value));
            }
        }
    }
}
