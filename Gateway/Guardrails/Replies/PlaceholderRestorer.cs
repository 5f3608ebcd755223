using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Masking;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>
/// Puts back what placeholders stand for, in a text that comes in pieces. What may be the beginning of a placeholder waits for its rest, and nothing else
/// does; so how the text was cut makes no difference.
/// </summary>
/// <param name="placeholders">What stands for what.</param>
/// <param name="isJson">Whether the text is the text of a JSON value, so that a value must be escaped once more.</param>
internal sealed class PlaceholderRestorer(Placeholders placeholders, bool isJson)
{
    private readonly char[] waiting = new char[Placeholders.MaxLength];
    private int length;

    /// <summary>How many characters wait.</summary>
    public int Waiting => length;

    /// <summary>Takes a piece, and writes what can go out.</summary>
    public void Take(ReadOnlySpan<char> piece, IBufferWriter<char> output)
    {
        while (!piece.IsEmpty)
        {
            if (length == 0)
            {
                var open = piece.IndexOf('<');
                if (open < 0)
                {
                    output.Write(piece);
                    return;
                }
                output.Write(piece[..open]);
                waiting[length++] = '<';
                piece = piece[(open + 1)..];
                continue;
            }
            var next = piece[0];
            if (next == '>')
            {
                waiting[length++] = next;
                piece = piece[1..];
                Close(output);
            }
            else if (length < waiting.Length - 1 && (char.IsAsciiLetterUpper(next) || char.IsAsciiDigit(next) || next == '_'))
            {
                waiting[length++] = next;
                piece = piece[1..];
            }
            else
            {
                // It was none. The character may begin one.
                End(output);
            }
        }
    }

    /// <summary>Writes what waits: nothing more comes.</summary>
    public void End(IBufferWriter<char> output)
    {
        output.Write(waiting.AsSpan(0, length));
        length = 0;
    }

    private void Close(IBufferWriter<char> output)
    {
        if (placeholders.ValueOf(waiting.AsSpan(0, length)) is not { } value)
        {
            End(output);
            return;
        }
        length = 0;
        if (isJson) output.Write(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value));
        else output.Write(value);
    }
}
