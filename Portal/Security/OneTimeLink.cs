using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace AspireGateway.Portal.Security;

/// <summary>The local host's sign-in link: its token opens one session, whichever replica is asked and however often it restarts.</summary>
public sealed class OneTimeLink(PortalSettings settings, NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Uses the token up.</summary>
    /// <returns>True for the one caller who showed the right token first.</returns>
    public async Task<bool> TryUseAsync(string? given, CancellationToken cancellationToken)
    {
        if (settings.OneTimeToken is not { } token || given is null) return false;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        if (!CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(token)))) return false;

        await using var command = database.CreateCommand("insert into used_sign_in_links (token_hash, used_at) values ($1, $2) on conflict do nothing");
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
