using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Masking;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>
/// Puts back what placeholders stand for, in a text that comes in pieces, also where the model has written them in another form (<see cref="PlaceholderForm"/>). What may be the beginning of a
/// placeholder waits for its rest, and nothing else does; so how the text was cut makes no difference.
/// </summary>
/// <param name="placeholders">What stands for what.</param>
/// <param name="isJson">Whether the text is the text of a JSON value, so that a value must be escaped once more.</param>
/// <param name="unknown">Told the guardrail of a placeholder that was never given out; null = nobody wants to know.</param>
internal sealed class PlaceholderRestorer(Placeholders placeholders, bool isJson, Action<string>? unknown = null)
{
    private readonly char[] waiting = new char[2 * PlaceholderForm.MaxLength];
    private int length;

    /// <summary>How many characters wait.</summary>
    public int Waiting => length;

    /// <summary>Takes a piece, and writes what can go out.</summary>
    public void Take(ReadOnlySpan<char> piece, IBufferWriter<char> output)
    {
        if (placeholders.IsEmpty)
        {
            output.Write(piece);
            return;
        }
        while (!piece.IsEmpty)
        {
            if (length == 0)
            {
                var open = piece.IndexOfAny(PlaceholderForm.Beginnings);
                if (open < 0)
                {
                    output.Write(piece);
                    return;
                }
                output.Write(piece[..open]);
                piece = piece[open..];
            }
            waiting[length++] = piece[0];
            piece = piece[1..];
            Settle(isEnd: false, output);
        }
    }

    /// <summary>Writes what waits: nothing more comes.</summary>
    public void End(IBufferWriter<char> output) => Settle(isEnd: true, output);

    private void Settle(bool isEnd, IBufferWriter<char> output)
    {
        Span<char> canonical = stackalloc char[Placeholders.MaxLength];
        while (length > 0)
        {
            var text = waiting.AsSpan(0, length);
            if (!PlaceholderForm.Beginnings.Contains(text[0], StringComparison.Ordinal))
            {
                var next = text.IndexOfAny(PlaceholderForm.Beginnings);
                Pass(next < 0 ? length : next, output);
                continue;
            }
            var match = PlaceholderForm.Read(text, placeholders, canonical, out var written, out var taken);
            if (match == PlaceholderMatch.Partial && !isEnd) return;
            if (match != PlaceholderMatch.Whole)
            {
                // It was none. What follows may begin one.
                Pass(1, output);
                continue;
            }
            if (placeholders.ValueOf(canonical[..written]) is not { } value)
            {
                if (placeholders.GuardrailOfUnknown(canonical[..written]) is { } guardrail) unknown?.Invoke(guardrail);
                Pass(taken, output);
                continue;
            }
            Drop(taken);
            output.Write(isJson ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value) : value);
        }
    }

    private void Pass(int count, IBufferWriter<char> output)
    {
        output.Write(waiting.AsSpan(0, count));
        Drop(count);
    }

    private void Drop(int count)
    {
        waiting.AsSpan(count, length - count).CopyTo(waiting);
        length -= count;
    }
}
