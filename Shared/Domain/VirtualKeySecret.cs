using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Shared.Domain;

/// <summary>Makes and hashes the secrets of virtual keys.</summary>
public static class VirtualKeySecret
{
    /// <summary>What every secret begins with, so that scanners for leaked secrets can recognise it.</summary>
    public const string Marker = "agw-";

    /// <summary>Characters of the secret shown in lists: the marker and six more.</summary>
    public const int PrefixLength = 10;

    /// <summary>Longest secret that is looked at, in characters; longer ones are refused unread.</summary>
    public const int MaxLength = 128;

    private const int RandomBytes = 24;

    /// <summary>A new secret: the marker and 32 URL-safe characters that carry 192 random bits.</summary>
    public static string Create() => Marker + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>SHA-256 of the secret's UTF-8 bytes. No salt: the secret itself has 192 random bits.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The part of the secret that may be shown.</summary>
    public static string PrefixOf(string secret) => secret.Length <= PrefixLength ? secret : secret[..PrefixLength];
}
