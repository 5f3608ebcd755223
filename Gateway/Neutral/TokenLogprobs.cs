using System.Buffers;
using System.Buffers.Text;

namespace AspireGateway.Gateway.Neutral;

/// <summary>
/// Writes log probabilities of tokens as the events of a reply carry them: elements of an array in OpenAI's form, which its two dialects share (API
/// reference, "ChatCompletionTokenLogprob"), commas between them and no brackets around.
/// </summary>
/// <param name="output">Where the elements go.</param>
internal sealed class TokenLogprobs(ArrayBufferWriter<byte> output)
{
    // OpenAI's own number for "very unlikely": JSON cannot say minus infinity.
    private static ReadOnlySpan<byte> Least => "-9999.0"u8;

    private bool isOpen, hasAlternatives;

    /// <summary>The elements so far.</summary>
    public ReadOnlySpan<byte> Elements => output.WrittenSpan;

    /// <summary>Forgets the elements.</summary>
    public void Clear()
    {
        output.ResetWrittenCount();
        isOpen = hasAlternatives = false;
    }

    /// <summary>Begins the next token of the answer. Its alternatives follow, then <see cref="End"/>.</summary>
    /// <param name="token">Its text, escaped.</param>
    /// <param name="logprob">Its log probability, a JSON number; empty = minus infinity.</param>
    /// <param name="utf8">Its bytes; they may be half a character.</param>
    /// <param name="hasBytes">Whether its bytes are known.</param>
    public void Begin(ReadOnlySpan<byte> token, ReadOnlySpan<byte> logprob, ReadOnlySpan<byte> utf8, bool hasBytes)
    {
        End();
        if (output.WrittenCount > 0) output.Write(","u8);
        isOpen = true;
        hasAlternatives = false;
        WriteToken(token, logprob, utf8, hasBytes);
        output.Write(",\"top_logprobs\":["u8);
    }

    /// <summary>Adds a likely token in the place of the one that was begun; see <see cref="Begin"/>.</summary>
    public void Alternative(ReadOnlySpan<byte> token, ReadOnlySpan<byte> logprob, ReadOnlySpan<byte> utf8, bool hasBytes)
    {
        if (!isOpen) return;
        if (hasAlternatives) output.Write(","u8);
        hasAlternatives = true;
        WriteToken(token, logprob, utf8, hasBytes);
        output.Write("}"u8);
    }

    /// <summary>Ends the token that was begun, if one was.</summary>
    public void End()
    {
        if (!isOpen) return;
        isOpen = false;
        output.Write("]}"u8);
    }

    private void WriteToken(ReadOnlySpan<byte> token, ReadOnlySpan<byte> logprob, ReadOnlySpan<byte> utf8, bool hasBytes)
    {
        output.Write("{\"token\":"u8);
        output.WriteEscaped(token);
        output.Write(",\"logprob\":"u8);
        output.Write(logprob.IsEmpty ? Least : logprob);
        output.Write(",\"bytes\":"u8);
        if (!hasBytes)
        {
            output.Write("null"u8);
            return;
        }
        var span = output.GetSpan((utf8.Length * 4) + 2);
        var at = 0;
        span[at++] = (byte)'[';
        foreach (var value in utf8)
        {
            if (at > 1) span[at++] = (byte)',';
            Utf8Formatter.TryFormat(value, span[at..], out var digits);
            at += digits;
        }
        span[at++] = (byte)']';
        output.Advance(at);
    }
}
