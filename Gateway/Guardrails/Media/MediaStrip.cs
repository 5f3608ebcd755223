using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Media.Files;
using AspireGateway.Gateway.Guardrails.Media.Location;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>Writes a body whose pictures no longer tell where they were taken; all other bytes stay as they came.</summary>
internal static class MediaStrip
{
    /// <summary>Writes the body.</summary>
    /// <param name="media">The media of the body.</param>
    /// <param name="output">Takes it.</param>
    public static void Write(BodyMedia media, IBufferWriter<byte> output)
    {
        var (body, written) = (media.Body, 0);
        foreach (ref readonly var item in media.Items)
        {
            if (item.Encoding == MediaEncoding.Remote) continue;
            using var bytes = MediaBytes.Read(body, item);
            if (bytes is null || MediaSniffer.Of(bytes.Memory.Span) is not { } kind || !PictureLocation.Has(bytes.Memory.Span, kind) || !MediaGuardrail.TryStrip(bytes, kind)) continue;
            output.Write(body.Span[written..item.Start]);
            if (item.Encoding == MediaEncoding.Plain) output.Write(bytes.Memory.Span);
            else WriteString(bytes, output);
            written = item.End;
        }
        output.Write(body.Span[written..]);
    }

    private static void WriteString(MediaBytes bytes, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        if (!bytes.Head.IsEmpty) output.Write(JsonEncodedText.Encode(bytes.Head, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        var file = bytes.Memory.Span;
        var room = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(file.Length));
        Base64.EncodeToUtf8(file, room, out _, out var length);
        output.Advance(length);
        output.Write("\""u8);
    }
}
