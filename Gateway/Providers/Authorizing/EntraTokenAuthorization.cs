namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>A token and how long it serves.</summary>
/// <param name="Value">The token.</param>
/// <param name="ExpiresOn">When it ends.</param>
/// <param name="RefreshOn">When the issuer wants it to be replaced; null = it did not say.</param>
internal sealed record EntraToken(string Value, DateTimeOffset ExpiresOn, DateTimeOffset? RefreshOn);

/// <summary>Gives tokens of Microsoft Entra ID.</summary>
internal interface IEntraTokenSource
{
    /// <summary>Asks for a token.</summary>
    Task<EntraToken> FetchAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Shows a bearer token of Microsoft Entra ID. One request at a time asks for a new token, on nobody's time: a caller that leaves does not cancel it for
/// the others. A token that is still good goes on serving while its successor is fetched.
/// </summary>
/// <param name="source">Gives tokens.</param>
/// <param name="time">Tells when a token ends.</param>
internal sealed class EntraTokenAuthorization(IEntraTokenSource source, TimeProvider time) : IRequestAuthorization
{
    /// <summary>What the token is for: the data plane of Azure's AI services.</summary>
    public static readonly string[] Scopes = ["https://cognitiveservices.azure.com/.default"];

    // Before its end, for clocks that differ and for the time that a request is on its way.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1), RefreshAhead = TimeSpan.FromMinutes(5), Patience = TimeSpan.FromSeconds(15);

    // Between attempts to replace a token that still serves.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock starting = new();
    private EntraToken? token;
    private Task<EntraToken>? fetching;
    private long restUntilTicks;

    /// <inheritdoc />
    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Volatile.Read(ref token) is { } held && held.ExpiresOn - now > Margin)
        {
            // What becomes of it is seen when the held token is used up.
            if (now >= (held.RefreshOn ?? held.ExpiresOn - RefreshAhead) && now.UtcTicks >= Volatile.Read(ref restUntilTicks)) _ = Fetch(held);
            Show(request, held);
            return ValueTask.CompletedTask;
        }
        return new(WaitAsync(request, cancellationToken));
    }

    private async Task WaitAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            Show(request, await Fetch(Volatile.Read(ref token)).WaitAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (fault is not AuthorizationException)
        {
            // The issuer's own words may repeat what was sent to it.
            throw new AuthorizationException("Microsoft Entra ID gave no token for the provider's credential.");
        }
    }

    private Task<EntraToken> Fetch(EntraToken? seen)
    {
        lock (starting)
        {
            if (fetching is not null) return fetching;
            // Somebody was faster.
            if (token is { } newer && !ReferenceEquals(newer, seen)) return Task.FromResult(newer);
            return fetching = FetchAsync();
        }
    }

    private async Task<EntraToken> FetchAsync()
    {
        // So that the lock is not held while a request is made.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var fresh = await source.FetchAsync(patience.Token).WaitAsync(patience.Token);
            lock (starting)
            {
                token = fresh;
                fetching = null;
            }
            return fresh;
        }
        catch
        {
            lock (starting)
            {
                fetching = null;
                restUntilTicks = (time.GetUtcNow() + Pause).UtcTicks;
            }
            throw;
        }
    }

    private static void Show(HttpRequestMessage request, EntraToken shown) => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + shown.Value);
}
