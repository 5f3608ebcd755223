using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Reads chat requests of one dialect. Pure. Used only when the provider speaks another one: else the caller's bytes go on as they are.</summary>
internal interface IRequestDialect
{
    /// <summary>
    /// Fills the neutral request from a body that is known to be a JSON object. Fields that have no place in it are named in
    /// <see cref="ChatRequest.Unmapped"/>; what cannot be understood is refused with its path.
    /// </summary>
    /// <returns>Why it cannot be accepted; null = it can.</returns>
    Refusal? Read(ReadOnlyMemory<byte> body, ChatRequest request);
}
