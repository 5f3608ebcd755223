using System.Buffers.Text;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Providers;

/// <summary>Edits that several protocols have in common.</summary>
internal static class BodyEdits
{
    /// <summary>
    /// Tells the provider the gateway's cap on output tokens, if there is one: in the caller's own fields for it, else in a new one. A field that another edit
    /// cuts out cannot say anything.
    /// </summary>
    /// <param name="request">The caller's body.</param>
    /// <param name="field">The provider's name of the field, if a new one is needed.</param>
    /// <param name="edits">The other edits; this one's are added at the end.</param>
    public static void AddCap(RequestFacts request, string field, List<BodyEdit> edits)
    {
        if (request.EnforcedCap is not { } cap) return;
        var number = Number(cap);
        var isTold = Replace(request.MaxTokensRange, number, edits);
        isTold |= Replace(request.OtherMaxTokensRange, number, edits);
        // The body holds the prompt at least, so there is always a field before this one.
        if (!isTold) edits.Add(new BodyEdit(request.RootEnd, request.RootEnd, [.. ",\""u8, .. System.Text.Encoding.UTF8.GetBytes(field), .. "\":"u8, .. number]));
    }

    /// <summary>The edits in the order of their places; those at the same place stay as they were, an insertion before a cut.</summary>
    public static BodyEdit[] InOrder(List<BodyEdit> edits)
    {
        // They are few, and nearly sorted.
        for (var i = 1; i < edits.Count; i++)
        {
            var edit = edits[i];
            var at = i;
            for (; at > 0 && IsBefore(edit, edits[at - 1]); at--) edits[at] = edits[at - 1];
            edits[at] = edit;
        }
        return [.. edits];
    }

    /// <summary>A number in digits.</summary>
    public static byte[] Number(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        return digits[..length].ToArray();
    }

    private static bool IsBefore(in BodyEdit one, in BodyEdit other) => one.Start < other.Start || (one.Start == other.Start && one.End < other.End);

    private static bool Replace(Range range, byte[] number, List<BodyEdit> edits)
    {
        var (start, end) = (range.Start.Value, range.End.Value);
        if (end == 0) return false;
        foreach (var edit in edits)
            if (edit.Start <= start && edit.End >= end) return false;
        edits.Add(new BodyEdit(start, end, number));
        return true;
    }
}
