using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Damages inputs as networks, servers and attackers do: flips bytes, cuts, doubles and moves stretches, wraps deep.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling = "\"\\{}[]:,0-e.tfn \n\0\u0080"u8.ToArray();

    /// <summary>Damaged forms of the inputs, at most four times as long as the longest.</summary>
    public static Gen<byte[]> Of(byte[][] inputs) =>
        from input in Gen.Elements(inputs)
        from times in Gen.Choose(0, 4)
        from changes in Gen.Choose(0, int.MaxValue - 1).ArrayOf(times * 3)
        select Apply(input, changes);

    private static byte[] Apply(byte[] input, int[] changes)
    {
        var bytes = input;
        for (var i = 0; i + 2 < changes.Length; i += 3)
        {
            if (bytes.Length == 0) return bytes;
            var (kind, at, length) = (changes[i] % 7, changes[i + 1] % bytes.Length, 1 + changes[i + 2] % 40);
            var end = Math.Min(bytes.Length, at + length);
            bytes = kind switch
            {
                0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (length % 8))), .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], Telling[length % Telling.Length], .. bytes[(at + 1)..]],
                2 => [.. bytes[..at], .. bytes[end..]],
                3 => bytes[..at],
                4 => [.. bytes[..end], .. bytes[at..]],
                5 => [.. bytes[..at], .. System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("[{\"a\":", length * 8))), .. bytes[at..]],
                _ => [.. bytes[..at], .. "\\ud800"u8, .. bytes[at..]],
            };
            if (bytes.Length > input.Length * 4 + 4096) bytes = bytes[..(input.Length * 4)];
        }
        return bytes;
    }
}
