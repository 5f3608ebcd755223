namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>Shows a credential to a provider. Lives as long as the credential's snapshot, so it may keep a token.</summary>
internal interface IRequestAuthorization
{
    /// <summary>Adds what proves the gateway's right to call.</summary>
    /// <param name="request">The request with its address and all other headers.</param>
    /// <param name="body">The body where it is in memory as a whole; absent for a spliced body.</param>
    /// <param name="cancellationToken">Ends the wait for a token.</param>
    ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken);
}

/// <summary>A header that is always the same.</summary>
/// <param name="name">E.g. <c>Authorization</c>.</param>
/// <param name="value">E.g. <c>Bearer ...</c>.</param>
internal sealed class HeaderAuthorization(string name, string value) : IRequestAuthorization
{
    /// <summary>The usual one.</summary>
    public static HeaderAuthorization Bearer(string secret) => new("Authorization", "Bearer " + secret);

    /// <inheritdoc />
    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(name, value);
        return ValueTask.CompletedTask;
    }
}
