using System.Buffers;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>The words of a stream as they pass, for whoever looks at them at its end. Bounded: of a longer reply it has the beginning.</summary>
internal sealed class ReplyWords
{
    private const int Most = 256 * 1024;

    private readonly ArrayBufferWriter<char> text = new(1024);

    /// <summary>The words so far.</summary>
    public ReadOnlySpan<char> Text => text.WrittenSpan;

    /// <summary>Takes a piece.</summary>
    public void Take(ReadOnlySpan<char> piece) => text.Write(piece[..Math.Min(piece.Length, Most - text.WrittenCount)]);
}
