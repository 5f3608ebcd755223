namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>Signs requests with Signature Version 4: host, date, session token and content type, and the whole body.</summary>
/// <param name="source">The credential.</param>
/// <param name="region">E.g. <c>us-east-1</c>.</param>
/// <param name="service">E.g. <c>bedrock</c>.</param>
/// <param name="time">Dates the signature; AWS refuses one that is more than five minutes off.</param>
internal sealed class SigV4Authorization(IAwsCredentialSource source, string region, string service, TimeProvider time) : IRequestAuthorization
{
    private SigningKey? lastKey;

    /// <inheritdoc />
    public async ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var credential = await source.GetAsync(cancellationToken);
        var payload = body ?? (request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : default);
        var date = SigV4.DateOf(time.GetUtcNow());
        var address = request.RequestUri!;
        var headers = new List<(string Name, string Value)>(4) { ("host", request.Headers.Host ?? address.Authority), ("x-amz-date", date) };
        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var contentType) == true) headers.Add(("content-type", contentType.ToString()));
        request.Headers.TryAddWithoutValidation("x-amz-date", date);
        if (credential.SessionToken is { } token)
        {
            request.Headers.TryAddWithoutValidation("x-amz-security-token", token);
            headers.Add(("x-amz-security-token", token));
        }
        var signed = new SignedRequest(request.Method.Method, address.AbsolutePath, address.Query.TrimStart('?'), headers, SigV4.HashOf(payload.Span));
        request.Headers.TryAddWithoutValidation(
            "Authorization", SigV4.AuthorizationOf(signed, credential.AccessKeyId, KeyFor(credential, date[..8]), date, region, service));
    }

    // The key is good for a day; deriving it costs more than all the rest of a short request's signature.
    private byte[] KeyFor(AwsCredential credential, string day)
    {
        if (lastKey is { } known && known.Day == day && known.Secret == credential.SecretAccessKey) return known.Key;
        var key = SigV4.KeyOf(credential.SecretAccessKey, day, region, service);
        lastKey = new SigningKey(day, credential.SecretAccessKey, key);
        return key;
    }

    private sealed record SigningKey(string Day, string Secret, byte[] Key);
}
