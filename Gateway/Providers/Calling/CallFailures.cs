using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Net;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>Failures on the way to a provider, in words that name the provider and leave out its addresses and bodies.</summary>
internal static class CallFailures
{
    public static ProviderFailure ProtocolUnknown(ProviderSnapshot provider) =>
        new("protocol_unknown", TryNext: true, Refusal.NoHealthyDeployment($"This gateway does not speak '{provider.Protocol}', the protocol of provider '{provider.Slug}'. A platform engineer must change the provider or update the gateway."));

    public static ProviderFailure CredentialUnreadable(DeploymentSnapshot deployment) =>
        new("credential_unreadable", TryNext: true, Refusal.NoHealthyDeployment($"The credential of deployment '{deployment.Name}' cannot be opened with this gateway's master key. A platform engineer must enter it again in the portal."));

    public static ProviderFailure Timeout(ProviderSnapshot provider, bool hasReply) =>
        new("timeout", TryNext: true, Refusal.UpstreamTimeout(
            hasReply
                ? $"Provider '{provider.Slug}' began to answer and then was silent for too long. Try again, or ask for a longer time-out."
                : $"Provider '{provider.Slug}' did not answer in time. Try again, or ask for a longer time-out."));

    public static ProviderFailure Broken(ProviderSnapshot provider) =>
        new("broken", TryNext: true, Refusal.UpstreamError($"Provider '{provider.Slug}' broke off its answer. Try again."));

    public static ProviderFailure NotAuthorized(DeploymentSnapshot deployment) =>
        new("unauthorized", TryNext: true, Refusal.UpstreamError($"No access token could be had for deployment '{deployment.Name}'. Your key is fine; a platform engineer must check the provider's credential in the portal."));

    public static ProviderFailure ModelNameInvalid(DeploymentSnapshot deployment) =>
        new("model_name_invalid", TryNext: true, Refusal.NoHealthyDeployment($"The upstream model of deployment '{deployment.Name}' cannot stand in the provider's address. A platform engineer must correct it in the portal under Models."));

    public static ProviderFailure OperationUnsupported(ProviderSnapshot provider, Ingress.Operation operation) =>
        new("operation_unsupported", TryNext: true, Refusal.InvalidRequest($"Provider '{provider.Slug}' has no {operation.Name}. Choose a model whose provider has it; GET /v1/models lists the models.", "model"));

    public static ProviderFailure Malformed(ProviderSnapshot provider) =>
        new("malformed", TryNext: true, Refusal.UpstreamError($"Provider '{provider.Slug}' sent something that is not an answer in its protocol. Try again; if it stays, its base URL may be wrong."));

    public static ProviderFailure TooLarge(ProviderSnapshot provider, int limit) =>
        new("too_large", TryNext: false, Refusal.UpstreamError($"Provider '{provider.Slug}' sent an answer of more than {limit:N0} bytes. Ask for less at once."));

    public static ProviderFailure Unreachable(ProviderSnapshot provider) =>
        new("connect_failed", TryNext: true, Refusal.UpstreamError($"Provider '{provider.Slug}' cannot be reached. Try again shortly."));

    public static ProviderFailure Of(ProviderSnapshot provider, Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is AddressForbiddenException)
            {
                return new("address_forbidden", TryNext: true, Refusal.NoHealthyDeployment(
                    $"Provider '{provider.Slug}' lives at an address that the gateway must not call. A platform engineer can mark it as private in the portal if it is one of your own servers."));
            }
        }
        return fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
            ? Unreachable(provider)
            : Broken(provider);
    }
}
