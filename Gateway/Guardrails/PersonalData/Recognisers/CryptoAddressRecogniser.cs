using System.Buffers;
using System.Security.Cryptography;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Addresses of Bitcoin and of currencies that write them the same way (base58 with four bytes of a double SHA-256), Bitcoin's bech32 (BIP 173 and 350), and of Ethereum
/// (0x and 40 hexadecimal digits, which have a checksum only in their case).
/// </summary>
internal static class CryptoAddressRecogniser
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    private const int EthereumDigits = 40, Decoded = 25;

    /// <summary>Reports the address that the whole word is.</summary>
    public static void Find(in PersonalDataScan scan, int start, int end)
    {
        var word = scan.Text[start..end];
        if (!scan.StartsClean(start) || !scan.EndsClean(end)) return;
        if (word.Length == EthereumDigits + 2 && word[0] == '0' && word[1] is 'x' or 'X')
        {
            if (!word[2..].ContainsAnyExcept(Hexadecimal) && word[2..].ContainsAnyExcept(word[2])) scan.Report(PersonalDataKinds.CryptoAddress, start, end, 0.85);
        }
        else if (word.Length is >= 26 and <= 35 && word[0] is '1' or '3' or 'L' or 'M' or 'D' or 'T' or 'A' or '9')
        {
            if (IsBase58Check(word)) scan.Report(PersonalDataKinds.CryptoAddress, start, end, 0.97);
        }
        else if (word.Length is >= 42 and <= 62 && word.StartsWith("bc1", StringComparison.OrdinalIgnoreCase) && IsBech32(word))
        {
            scan.Report(PersonalDataKinds.CryptoAddress, start, end, 0.97);
        }
    }

    private static bool IsBase58Check(ReadOnlySpan<char> word)
    {
        Span<byte> bytes = stackalloc byte[Decoded];
        bytes.Clear();
        foreach (var c in word)
        {
            var carry = Base58.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0) return false;
            for (var i = Decoded - 1; i >= 0; i--)
            {
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }
            if (carry != 0) return false;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(Decoded - 4)], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[(Decoded - 4)..]);
    }

    private static bool IsBech32(ReadOnlySpan<char> word)
    {
        var (upper, lower) = (word.ContainsAnyInRange('A', 'Z'), word.ContainsAnyInRange('a', 'z'));
        if (upper && lower) return false;
        // The human readable part "bc" in its expanded form: high bits, zero, low bits.
        var sum = 1u;
        foreach (var value in (ReadOnlySpan<byte>)[3, 3, 0, 2, 3]) sum = Step(sum, value);
        foreach (var c in word[3..])
        {
            var value = Bech32.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0) return false;
            sum = Step(sum, (uint)value);
        }
        return sum is 1 or 0x2BC830A3;
    }

    private static uint Step(uint sum, uint value)
    {
        var top = sum >> 25;
        sum = ((sum & 0x1FFFFFF) << 5) ^ value;
        if ((top & 1) != 0) sum ^= 0x3B6A57B2;
        if ((top & 2) != 0) sum ^= 0x26508E6D;
        if ((top & 4) != 0) sum ^= 0x1EA119FA;
        if ((top & 8) != 0) sum ^= 0x3D4233DD;
        if ((top & 16) != 0) sum ^= 0x2A1462B3;
        return sum;
    }
}
