using System.Buffers;
using System.Text;

namespace AspireGateway.Gateway.Guardrails.Disguises;

/// <summary>Goes through the runs of a text that are readable text in base64 (RFC 4648, both alphabets) or hexadecimal. Decoding makes a text shorter, so the whole is linear; what is encoded twice is read once.</summary>
internal ref struct EncodedTexts
{
    // Eight characters of text in hexadecimal, twelve in base64: what is shorter holds no address and no key.
    private const int MinRun = 16;
    private const int ProbeRun = 16, ProbeBytes = 12;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    private readonly ReadOnlySpan<char> text;
    private byte[] bytes = [];
    private char[] characters = [];
    private int next, decoded, runEnd;

    /// <summary>Of a text.</summary>
    public EncodedTexts(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>First character of the run.</summary>
    public int Start { get; private set; }

    /// <summary>Characters of the run, its padding included.</summary>
    public int Length { get; private set; }

    /// <summary>What it says.</summary>
    public readonly ReadOnlySpan<char> Decoded => characters.AsSpan(0, decoded);

    /// <summary>Goes to the next.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            // Parts of a run that as a whole is none: addresses have slashes between theirs.
            while (next < runEnd)
            {
                var slash = text[next..runEnd].IndexOf('/');
                var partEnd = slash < 0 ? runEnd : next + slash;
                var start = next;
                next = partEnd + 1;
                if (partEnd - start >= MinRun && TryDecode(start, partEnd)) return true;
            }
            next = runEnd;
            if (next >= text.Length || text[next..].IndexOfAny(Alphabet) is not (>= 0 and var skip)) return false;
            var from = next + skip;
            var length = text[from..].IndexOfAnyExcept(Alphabet);
            var end = length < 0 ? text.Length : from + length;
            runEnd = end;
            next = end;
            if (end - from < MinRun) continue;
            if (TryDecode(from, end)) return true;
            if (text[from..end].Contains('/')) next = from;
        }
    }

    /// <summary>Gives the buffers back, wiped: they held somebody's words.</summary>
    public void Dispose()
    {
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        if (characters.Length > 0) ArrayPool<char>.Shared.Return(characters, clearArray: true);
        (bytes, characters) = ([], []);
    }

    private bool TryDecode(int start, int end)
    {
        var run = text[start..end];
        if (!TryDecode(run, isHex: true) && !TryDecode(run, isHex: false)) return false;
        var padding = end;
        while (padding < text.Length && padding < end + 2 && text[padding] == '=') padding++;
        (Start, Length) = (start, padding - start);
        return true;
    }

    private bool TryDecode(ReadOnlySpan<char> run, bool isHex)
    {
        // A look at the beginning spares the rest of what is plainly no text: a word, a path, a hash.
        Span<byte> probe = stackalloc byte[ProbeBytes];
        var probed = Decode(run[..ProbeRun], probe, isHex);
        if (probed < 0 || !IsReadable(probe[..probed])) return false;
        if (bytes.Length < run.Length)
        {
            Dispose();
            (bytes, characters) = (ArrayPool<byte>.Shared.Rent(run.Length), ArrayPool<char>.Shared.Rent(run.Length));
        }
        var count = Decode(run, bytes, isHex);
        if (count <= 0 || !IsReadable(bytes.AsSpan(0, count))) return false;
        decoded = Encoding.UTF8.GetChars(bytes.AsSpan(0, count), characters);
        return !Decoded.Contains('\uFFFD');
    }

    private static bool IsReadable(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            if (value is (< 0x20 and not ((byte)'\n' or (byte)'\t' or (byte)'\r')) or 0x7F) return false;
        return true;
    }

    private static int Decode(ReadOnlySpan<char> run, Span<byte> into, bool isHex) => isHex ? DecodeHex(run, into) : DecodeBase64(run, into);

    private static int DecodeHex(ReadOnlySpan<char> digits, Span<byte> into)
    {
        if (digits.Length % 2 != 0) return -1;
        return Convert.FromHexString(digits, into, out _, out var written) == OperationStatus.Done ? written : -1;
    }

    private static int DecodeBase64(ReadOnlySpan<char> run, Span<byte> into)
    {
        var (bits, held, count) = (0, 0, 0);
        foreach (var character in run)
        {
            bits = (bits << 6 | Sextet(character)) & 0xFFFF;
            held += 6;
            if (held < 8) continue;
            held -= 8;
            into[count++] = (byte)(bits >> held);
        }
        return count;
    }

    private static int Sextet(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '+' or '-' => 62,
        _ => 63,
    };
}
