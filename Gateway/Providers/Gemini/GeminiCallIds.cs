using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Ids for tool calls that came without one. Other providers refuse a conversation in which one id stands twice, so the reply's id is in it; no longer than
/// the 40 characters that OpenAI takes, and of the characters that all take.
/// </summary>
internal sealed class GeminiCallIds
{
    private const int StemLength = 24;
    private static readonly SearchValues<byte> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    private byte[]? replyId;
    private string? stem;
    private int count;

    /// <summary>Learns the reply's id.</summary>
    public void Learn(ReadOnlySpan<byte> id)
    {
        if (replyId is null && !id.IsEmpty) replyId = id.ToArray();
    }

    /// <summary>The next id, the same for the same bytes.</summary>
    /// <param name="chunk">What the call came in: names the reply where it has no id of its own.</param>
    public byte[] Next(ReadOnlySpan<byte> chunk)
    {
        stem ??= StemOf(chunk);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"call_{stem}_{count++}"));
    }

    private string StemOf(ReadOnlySpan<byte> chunk)
    {
        if (replyId is { } id && id.Length >= 8 && !id.AsSpan().ContainsAnyExcept(Allowed)) return Encoding.ASCII.GetString(id.AsSpan(Math.Max(0, id.Length - StemLength)));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(replyId ?? chunk, hash);
        return Convert.ToHexStringLower(hash[..(StemLength / 2)]);
    }
}
