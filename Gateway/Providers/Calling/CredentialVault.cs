using System.Runtime.CompilerServices;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Data;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>The only place where provider credentials are open. An opened one lives as long as the snapshot that holds its envelope.</summary>
internal sealed class CredentialVault(SecretBox box)
{
    private readonly ConditionalWeakTable<CredentialSnapshot, Opened> opened = [];

    /// <summary>The header that authorises a call; false when the envelope cannot be opened with the master keys of this gateway.</summary>
    public bool TryAuthorize(DeploymentSnapshot deployment, IProviderModule module, out (string Name, string Value)? header)
    {
        header = null;
        if (deployment.Credential is not { } credential) return true;
        // Configuration keeps this true; a credential for another provider's host must not leave even when it does not.
        if (credential.ProviderId != deployment.Provider.Id) return false;
        if (!opened.TryGetValue(credential, out var entry))
        {
            var secret = box.Open(credential.Envelope, credential.Id);
            entry = opened.GetValue(credential, _ => new Opened(secret is null ? null : module.Authorize(secret)));
        }
        header = entry.Header;
        return header is not null;
    }

    private sealed record Opened((string Name, string Value)? Header);
}
