using System.Security.Cryptography;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Tests.State;

/// <summary>Makes virtual keys for tests.</summary>
internal static class Keys
{
    /// <summary>A key with an id and a secret made from numbers.</summary>
    public static VirtualKeySnapshot Of(int id, int secret) => new()
    {
        Id = IdOf(id),
        OrganisationId = IdOf(-1),
        TeamId = IdOf(-2),
        Name = $"key {id}",
        Prefix = "agw-000000",
        SecretHash = HashOf(secret),
        AllowedModels = [],
    };

    /// <summary>The id made from a number.</summary>
    public static Guid IdOf(int id) => new(id, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>The hash of the secret made from a number.</summary>
    public static byte[] HashOf(int secret) => SHA256.HashData(BitConverter.GetBytes(secret));
}
