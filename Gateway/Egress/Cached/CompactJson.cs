using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>JSON without the blanks between its tokens: providers send whole replies over many lines, and the data of an event are one.</summary>
internal static class CompactJson
{
    /// <summary>Writes valid JSON without them; all else stays byte for byte.</summary>
    public static void Write(ReadOnlySpan<byte> json, PooledBufferWriter output)
    {
        var target = output.GetSpan(json.Length);
        var (length, isText, isEscaped) = (0, false, false);
        foreach (var c in json)
        {
            if (!isText && (c is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) continue;
            target[length++] = c;
            if (isEscaped) isEscaped = false;
            else if (isText && c == '\\') isEscaped = true;
            else if (c == '"') isText = !isText;
        }
        output.Advance(length);
    }
}
