namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>An AWS credential as it is used.</summary>
/// <param name="AccessKeyId">Its name.</param>
/// <param name="SecretAccessKey">Its secret.</param>
/// <param name="SessionToken">Proof that goes along with a temporary one; null = a lasting one.</param>
internal sealed record AwsCredential(string AccessKeyId, string SecretAccessKey, string? SessionToken);

/// <summary>Where an AWS credential comes from.</summary>
internal interface IAwsCredentialSource
{
    /// <summary>The credential that is valid now.</summary>
    /// <exception cref="AuthorizationException">There is none; the message may be shown.</exception>
    ValueTask<AwsCredential> GetAsync(CancellationToken cancellationToken);
}

/// <summary>A credential that was entered.</summary>
internal sealed class AwsFixedCredential(AwsCredential credential) : IAwsCredentialSource
{
    /// <inheritdoc />
    public ValueTask<AwsCredential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credential);
}
