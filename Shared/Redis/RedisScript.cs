using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Shared.Redis;

/// <summary>A Lua script that every connection has loaded before it is used, so that calls carry its digest only.</summary>
public sealed class RedisScript
{
    /// <summary>Computes the script's digest.</summary>
    /// <param name="name">What faults and logs call it.</param>
    /// <param name="text">Its source.</param>
    public RedisScript(string name, string text)
    {
        Name = name;
        Text = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5350 // Redis names scripts by SHA-1 (EVALSHA); nothing is protected by it.
        Sha = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA1.HashData(Text.Span)));
#pragma warning restore CA5350
    }

    /// <summary>What faults and logs call it.</summary>
    public string Name { get; }

    /// <summary>Its source in UTF-8.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>SHA-1 of its source as 40 hexadecimal digits, the way Redis names it.</summary>
    public ReadOnlyMemory<byte> Sha { get; }
}
