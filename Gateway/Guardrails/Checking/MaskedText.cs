using System.Runtime.InteropServices;
using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Screening;

namespace AspireGateway.Gateway.Guardrails.Checking;

/// <summary>A text with placeholders in it, and the way back to the places of the text that it was made from.</summary>
internal sealed class MaskedText
{
    private readonly List<Placed> placed = [];

    private MaskedText(Placeholders placeholders) => Placeholders = placeholders;

    /// <summary>The text as it would leave.</summary>
    public string Text { get; private set; } = "";

    /// <summary>What stands for what.</summary>
    public Placeholders Placeholders { get; }

    /// <summary>Masks a text.</summary>
    public static MaskedText Of(string text, Stretches stretches, Placeholders placeholders)
    {
        var (masked, output, at) = (new MaskedText(placeholders), new StringBuilder(text.Length), 0);
        foreach (var (finding, restores) in stretches.Merged())
        {
            output.Append(text.AsSpan(at, finding.Start - at));
            var start = output.Length;
            output.Append(placeholders.Of(finding.Type, text.AsSpan(finding.Start, finding.Length), restores, text));
            masked.placed.Add(new(start, output.Length, finding.Start, finding.End));
            at = finding.End;
        }
        masked.Text = output.Append(text.AsSpan(at)).ToString();
        return masked;
    }

    /// <summary>A finding in the masked text, with its place in the text that it was made from. One that reaches into a placeholder has all of what it stands for.</summary>
    public Finding Original(Finding finding)
    {
        var (start, end) = (OriginalOf(finding.Start, isEnd: false), OriginalOf(finding.End, isEnd: true));
        return finding with { Start = start, Length = Math.Max(0, end - start) };
    }

    private int OriginalOf(int place, bool isEnd)
    {
        var shift = 0;
        foreach (var one in placed)
        {
            if (place <= one.Start) break;
            if (place < one.End) return isEnd ? one.OriginalEnd : one.OriginalStart;
            shift = one.OriginalEnd - one.End;
        }
        return place + shift;
    }

    /// <summary>A placeholder.</summary>
    /// <param name="Start">Its first character in the masked text.</param>
    /// <param name="End">Behind its last.</param>
    /// <param name="OriginalStart">The first character that it stands for.</param>
    /// <param name="OriginalEnd">Behind the last.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Placed(int Start, int End, int OriginalStart, int OriginalEnd);
}
