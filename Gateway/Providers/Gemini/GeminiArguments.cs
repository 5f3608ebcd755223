using System.Buffers;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Turns the JSON object of a tool call's arguments into a JSON text of it, without its insignificant white space.</summary>
internal static class GeminiArguments
{
    /// <summary>Writes a valid JSON value as the inside of a JSON string.</summary>
    public static void WriteAsText(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var target = output.GetSpan(Math.Max(1, json.Length * 2));
        var at = 0;
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var b = json[i];
            switch (b)
            {
                case (byte)'"':
                    inString = !inString;
                    target[at++] = (byte)'\\';
                    target[at++] = b;
                    break;
                case (byte)'\\':
                    target[at++] = b;
                    target[at++] = b;
                    // What it escapes is no end of the string.
                    if (++i < json.Length)
                    {
                        if (json[i] is (byte)'"' or (byte)'\\') target[at++] = (byte)'\\';
                        target[at++] = json[i];
                    }
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' when !inString:
                    break;
                default:
                    target[at++] = b;
                    break;
            }
        }
        output.Advance(at);
    }
}
