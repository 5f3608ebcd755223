namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>What a circuit went into.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, in words that name no content.</param>
/// <param name="UntilMs">Until when, in milliseconds since 1970; 0 = until something happens.</param>
internal readonly record struct CircuitChange(CircuitState State, string Reason, long UntilMs);
