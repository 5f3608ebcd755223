namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>What a deployment is asked for.</summary>
internal enum CircuitState
{
    /// <summary>Everything.</summary>
    Closed,

    /// <summary>A growing share of it.</summary>
    Recovering,

    /// <summary>Nothing until a moment, by its provider's wish (429 and Retry-After).</summary>
    Resting,

    /// <summary>Nothing until a moment, and then one request that looks how it is.</summary>
    Open,

    /// <summary>A growing share of what another one would get; a note for the books, no state of a circuit.</summary>
    StandingIn,
}
