using Azure.Core;
using Azure.Identity;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>
/// What the gateway's machine is to Microsoft Entra ID: a service principal of its environment, a pod's workload identity, or a managed identity, in this
/// order. It is the gateway's own identity and not a tenant's, so the gateway's operator must allow its use (<c>Gateway__MachineIdentity=true</c>).
/// </summary>
/// <param name="isAllowed">Whether the operator allows it.</param>
internal sealed class EntraMachineIdentity(bool isAllowed) : IEntraTokenSource
{
    private readonly Lazy<TokenCredential> credential = new(static () => new ChainedTokenCredential(
        new EnvironmentCredential(), new WorkloadIdentityCredential(), new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned)));

    /// <inheritdoc />
    public async Task<EntraToken> FetchAsync(CancellationToken cancellationToken)
    {
        if (!isAllowed) throw new AuthorizationException("This gateway's operator has not allowed its own Azure identity to be used (Gateway__MachineIdentity).");
        var token = await credential.Value.GetTokenAsync(new TokenRequestContext(EntraTokenAuthorization.Scopes), cancellationToken);
        return new EntraToken(token.Token, token.ExpiresOn, token.RefreshOn);
    }
}
