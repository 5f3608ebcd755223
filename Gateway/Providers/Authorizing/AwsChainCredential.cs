using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>
/// AWS's own chain of credentials: environment, profile, web identity of a pod, container, instance. The SDK keeps and refreshes what it found.
/// It is the gateway's own identity and not a tenant's, so the gateway's operator must allow its use (<c>Gateway__MachineIdentity=true</c>).
/// </summary>
/// <param name="isAllowed">Whether the operator allows it.</param>
internal sealed class AwsChainCredential(bool isAllowed) : IAwsCredentialSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock building = new();
    private AWSCredentials? chain;

    /// <inheritdoc />
    public async ValueTask<AwsCredential> GetAsync(CancellationToken cancellationToken)
    {
        if (!isAllowed)
            throw new AuthorizationException("This gateway's operator has not allowed its own AWS identity to be used (Gateway__MachineIdentity).");
        try
        {
            // The search may ask a metadata service and blocks while it does.
            var found = chain ?? await Task.Run(Find, cancellationToken).WaitAsync(Patience, cancellationToken);
            var credential = await found.GetCredentialsAsync().WaitAsync(Patience, cancellationToken);
            return new AwsCredential(credential.AccessKey, credential.SecretKey, credential.UseToken ? credential.Token : null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new AuthorizationException("AWS's chain of credentials found none that can be used.");
        }
    }

    private AWSCredentials Find()
    {
        lock (building) return chain ??= DefaultAWSCredentialsIdentityResolver.GetCredentials();
    }
}
