namespace AspireGateway.Portal.Benchmarks.Metrics;

/// <summary>A JSON schema that cannot be used, and why.</summary>
/// <param name="message">Where, what, and what it must be.</param>
public sealed class SchemaFaultException(string message) : Exception(message);
