using System.Text;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Shared.Content;

namespace AspireGateway.Gateway.Content;

/// <summary>Makes of copied bytes what is kept: text that somebody can read, of a stream the words that its events make, with what was masked hidden again in what the caller saw restored.</summary>
internal static class ContentAssembly
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The texts.</summary>
    /// <param name="capture">The copies.</param>
    /// <param name="isTruncated">Whether something of them is missing.</param>
    public static ContentTexts Of(ContentCapture capture, out bool isTruncated)
    {
        var prompt = TextOf(capture.Prompt.Written);
        var reply = capture.IsText ? ReplyOf(capture) : null;
        isTruncated = capture.Prompt.IsTruncated || capture.Reply.IsTruncated;
        var most = capture.Terms.MaxBytes;
        if (reply is not null && Encoding.UTF8.GetByteCount(reply) > most)
        {
            isTruncated = true;
            reply = TextOf(Encoding.UTF8.GetBytes(reply).AsSpan(0, most));
        }
        return new() { Prompt = prompt, Reply = reply };
    }

    private static string? ReplyOf(ContentCapture capture)
    {
        var bytes = capture.Reply.Written;
        if (capture.IsStream && capture.Dialect is { } dialect && StreamText.Of(bytes, dialect) is { } words) return capture.Placeholders is { } masked ? HiddenText.OfText(words, masked) : words;
        if (capture.Placeholders is not { } placeholders) return TextOf(bytes);
        // Of a body that is not whole nobody can say how its values are written: nothing is kept of it then.
        return HiddenText.TryOfJson(bytes, placeholders) ?? (capture.Reply.IsTruncated || TextOf(bytes) is not { } text ? null : HiddenText.OfText(text, placeholders));
    }

    /// <summary>Bytes as text, without a character that was cut at the end; null = they are none.</summary>
    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return null;
        // A character has at most four bytes.
        for (var cut = 0; cut < 4 && cut < bytes.Length; cut++)
        {
            try
            {
                return Strict.GetString(bytes[..^cut]);
            }
            catch (DecoderFallbackException)
            {
                // A file, or the beginning of a character.
            }
        }
        return null;
    }
}
