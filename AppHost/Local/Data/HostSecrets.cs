using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Data;

/// <summary>What the local host makes up once for a data folder. Kept in <c>secrets.json</c>, for the owner's eyes only.</summary>
/// <param name="MasterKey">Encrypts provider credentials: base64 of 32 bytes.</param>
/// <param name="DemoKey">The virtual key of the demo team: <c>agw-</c> and 32 url-safe characters.</param>
/// <param name="AdminToken">Bearer of the portal's REST API.</param>
/// <param name="PostgresPassword">Of the database's user <c>postgres</c>.</param>
/// <param name="RedisPassword">Of Redis; without commas, which a connection string cannot carry.</param>
internal sealed record HostSecrets(string MasterKey, string DemoKey, string AdminToken, string PostgresPassword, string RedisPassword)
{
    private const string DemoKeyPrefix = "agw-";
    private const int MasterKeyBytes = 32;

    /// <summary>Makes new ones.</summary>
    public static HostSecrets Generate() => new(
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKeyBytes)),
        DemoKeyPrefix + UrlSafe(24),
        UrlSafe(32),
        UrlSafe(24),
        UrlSafe(24));

    /// <summary>Random url-safe text that carries the given number of bytes.</summary>
    public static string UrlSafe(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>
    /// Reads the file, or makes it at the first start. A damaged file, or a missing one beside a database that was made with it,
    /// is a fault: new secrets could not open what the old ones closed.
    /// </summary>
    public static Outcome<HostSecrets> LoadOrCreate(string path, bool databaseExists)
    {
        if (!File.Exists(path))
        {
            if (databaseExists)
                return new Fault($"{path} is missing, but the database was made with it: restore the file, or delete {Path.GetDirectoryName(path)} for a factory reset");
            var made = Generate();
            PrivateFile.Write(path, JsonSerializer.Serialize(made, HostSecretsJson.Default.HostSecrets));
            return made;
        }

        try
        {
            PrivateFile.Protect(path);
            var secrets = JsonSerializer.Deserialize(File.ReadAllText(path), HostSecretsJson.Default.HostSecrets);
            return secrets is not null && secrets.IsComplete() ? secrets : Damaged(path, "a value is missing or malformed");
        }
        catch (JsonException)
        {
            return Damaged(path, "it is not JSON");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Damaged(path, e.Message);
        }
    }

    private static Fault Damaged(string path, string why) =>
        new($"{path} cannot be used ({why}): restore it, or delete {Path.GetDirectoryName(path)} for a factory reset");

    // A record's properties are null when the JSON lacks them, whatever their type says.
    private bool IsComplete() =>
        new[] { MasterKey, DemoKey, AdminToken, PostgresPassword, RedisPassword }.All(value => !string.IsNullOrWhiteSpace(value))
        && DemoKey.StartsWith(DemoKeyPrefix, StringComparison.Ordinal)
        && Convert.TryFromBase64String(MasterKey, new byte[MasterKey.Length], out var length) && length == MasterKeyBytes;
}

/// <summary>The file's JSON form.</summary>
[JsonSerializable(typeof(HostSecrets))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class HostSecretsJson : JsonSerializerContext;
