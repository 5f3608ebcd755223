
namespace AspireGateway.Gateway.Providers.Cascades;

/// <summary>An answer of a cascade that was put aside, whole in memory.</summary>
/// <param name="Reply">The answer, ready to go out.</param>
/// <param name="Attempt">The attempt that brought it.</param>
/// <param name="Score">What the gate gave it.</param>
internal sealed record HeldAnswer(ProviderReply Reply, Attempt Attempt, double Score);
