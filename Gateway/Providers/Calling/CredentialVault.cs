using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Data;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>The only place where provider credentials are open. An opened one lives as long as the snapshot that holds its envelope.</summary>
internal sealed class CredentialVault(SecretBox box)
{
    private readonly ConditionalWeakTable<CredentialSnapshot, Opened> opened = [];

    /// <summary>What authorises a call with the credential at a place (null = the deployment is called without one); false when the envelope cannot be opened with the master keys of this gateway, or holds no secret of this protocol.</summary>
    public bool TryAuthorize(DeploymentSnapshot deployment, int place, IProviderModule module, out IRequestAuthorization? authorization)
    {
        authorization = null;
        if (place < 0) return true;
        var credential = deployment.Credentials[place].Credential;
        // Configuration keeps this true; a credential for another provider's host must not leave even when it does not.
        if (credential.ProviderId != deployment.Provider.Id) return false;
        if (!opened.TryGetValue(credential, out var entry))
        {
            var secret = box.Open(credential.Envelope, credential.Id);
            entry = opened.GetValue(credential, _ => new Opened(secret is null ? null : module.Authorize(secret, deployment.Provider)));
        }
        authorization = entry.Authorization;
        return authorization is not null;
    }

    private sealed record Opened(IRequestAuthorization? Authorization);
}
