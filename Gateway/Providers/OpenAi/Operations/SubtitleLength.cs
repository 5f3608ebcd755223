using System.Buffers.Text;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>How long a recording is by the last time in its subtitles (SRT <c>00:01:02,345</c>, WebVTT <c>01:02.345</c>).</summary>
internal static class SubtitleLength
{
    /// <summary>Milliseconds; 0 for a text that is no subtitles.</summary>
    public static long Of(ReadOnlySpan<byte> text)
    {
        var arrow = text.LastIndexOf(" --> "u8);
        if (arrow < 0) return 0;
        var time = text[(arrow + 5)..];
        var end = time.IndexOfAny(" \r\n"u8);
        if (end >= 0) time = time[..end];
        var fraction = time.LastIndexOfAny((byte)',', (byte)'.');
        if (fraction < 0 || !TryRead(time[(fraction + 1)..], out var milliseconds) || milliseconds > 999) return 0;

        var seconds = 0L;
        var rest = time[..fraction];
        for (var units = 0; units < 3; units++)
        {
            var colon = rest.IndexOf((byte)':');
            if (!TryRead(colon < 0 ? rest : rest[..colon], out var unit)) return 0;
            seconds = seconds * 60 + unit;
            if (colon < 0) return seconds * 1000 + milliseconds;
            rest = rest[(colon + 1)..];
        }
        return 0;
    }

    private static bool TryRead(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length && digits.Length <= 5 && value >= 0;
}
