using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>JSON strings of replies, decoded and encoded.</summary>
internal static class ReplyText
{
    /// <summary>Decodes a JSON string, quotes included, into a buffer; false when its escapes make no valid Unicode.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> quoted, IBufferWriter<char> output)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        var span = output.GetSpan(quoted.Length);
        try
        {
            output.Advance(reader.CopyString(span));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes a text as a JSON string, quotes included.</summary>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
    }
}
