using System.Buffers.Binary;

namespace AspireGateway.Simulator.Composing;

/// <summary>Pictures and sounds.</summary>
internal static class SimMedia
{
    private const int SampleRate = 8_000;
    private const int HeaderLength = 44;
    private const int SamplesPerByte = 400;

    /// <summary>A picture of one pixel.</summary>
    public static byte[] Png { get; } =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>Sound for a text: a real WAV file of silence, or bytes that begin as the format does.</summary>
    public static byte[] Audio(string text, string format, int? size)
    {
        var length = size ?? Math.Max(1, text.Length) * SamplesPerByte;
        ReadOnlySpan<byte> start = format switch
        {
            "wav" => default,
            "flac" => "fLaC"u8,
            "opus" => "OggS"u8,
            "aac" => [0xFF, 0xF1],
            "pcm" => default,
            _ => [0xFF, 0xFB, 0x90, 0x64],
        };
        if (format == "wav") return Wav(Math.Max(0, length - HeaderLength));
        var bytes = new byte[Math.Max(length, start.Length)];
        start.CopyTo(bytes);
        for (var i = start.Length; i < bytes.Length; i++) bytes[i] = (byte)(i * 31);
        return bytes;
    }

    /// <summary>Seconds of a WAV file; of anything else, as if it had 16,000 bytes a second.</summary>
    public static double SecondsOf(ReadOnlySpan<byte> audio)
    {
        const double usual = 16_000;
        if (audio.Length < HeaderLength || !audio.StartsWith("RIFF"u8)) return Math.Round(audio.Length / usual, 2);
        var bytesPerSecond = BinaryPrimitives.ReadInt32LittleEndian(audio[28..]);
        return bytesPerSecond <= 0 ? 0 : Math.Round((audio.Length - HeaderLength) / (double)bytesPerSecond, 2);
    }

    private static byte[] Wav(int dataLength)
    {
        var bytes = new byte[HeaderLength + dataLength];
        var span = bytes.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], dataLength);
        return bytes;
    }
}
