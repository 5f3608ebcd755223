using System.Buffers;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Mistral takes ids of tool calls of exactly nine letters or digits. Others are mapped, the same one always to the same.</summary>
internal static class ShortToolId
{
    private const int Length = 9;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<byte> Allowed = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The id as such a vendor takes it.</summary>
    public static string Of(JsonText id)
    {
        var text = id.Decoded().Span;
        if (text.Length == Length && text.IndexOfAnyExcept(Allowed) < 0)
            return id.ToString();
        // FNV-1a, 64 bits.
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in text) hash = unchecked((hash ^ b) * 1_099_511_628_211UL);
        return string.Create(Length, hash, static (digits, rest) =>
        {
            for (var i = 0; i < digits.Length; i++)
            {
                digits[i] = Digits[(int)(rest % (ulong)Digits.Length)];
                rest /= (ulong)Digits.Length;
            }
        });
    }
}
