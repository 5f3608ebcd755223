namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>What a vendor's token looks like behind its prefix.</summary>
/// <param name="Prefix">What it begins with; upper and lower case differ.</param>
/// <param name="Type">One of <see cref="SecretTypes"/>.</param>
/// <param name="Alphabet">Its characters.</param>
/// <param name="Least">Least characters behind the prefix.</param>
/// <param name="Most">Most characters behind the prefix.</param>
internal sealed record TokenShape(string Prefix, string Type, TokenAlphabet Alphabet, int Least, int Most);
