namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>What checks are tried with: nothing of anybody's, and nothing that a check should find.</summary>
internal static class CheckSamples
{
    /// <summary>A text.</summary>
    public const string Text = "This is a test. The shop opens at nine, and the tea is warm.";

    private const int WaveHeader = 44, Silence = 4_000;

    /// <summary>A white picture of 64 by 64 pixels, as PNG.</summary>
    public static byte[] Picture() => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mP4DwUMo4xRBukMAOPT/hAC2mzjAAAAAElFTkSuQmCC");

    /// <summary>Half a second of silence, as WAVE of 8 bits and 8 kHz.</summary>
    public static byte[] Sound()
    {
        var file = new byte[WaveHeader + Silence];
        "RIFF"u8.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        ReadOnlySpan<byte> format = [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0];
        format.CopyTo(file.AsSpan(16));
        "data"u8.CopyTo(file.AsSpan(36));
        BitConverter.TryWriteBytes(file.AsSpan(40), Silence);
        file.AsSpan(WaveHeader).Fill(0x80);
        return file;
    }
}
