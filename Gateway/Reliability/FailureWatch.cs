using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Credentials;

namespace AspireGateway.Gateway.Reliability;

/// <summary>Notes a failed attempt where it belongs: at the credential that it was called with, or in the circuit of its deployment.</summary>
internal sealed class FailureWatch(CircuitWatch circuits, CredentialWatch credentials)
{
    /// <summary>Notes a failure.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="failure">Why it failed.</param>
    /// <returns>Whether another credential of the same deployment may do better.</returns>
    public CredentialVerdict Note(Exchange exchange, in Attempt attempt, ProviderFailure failure)
    {
        var deployment = attempt.Candidate.Deployment;
        var verdict = credentials.Failed(exchange.Caller?.Organisation.Id ?? Guid.Empty, attempt, failure);
        if (verdict == CredentialVerdict.Deployment) circuits.Failed(exchange, deployment, failure);
        else CircuitWatch.Left(deployment);
        return verdict;
    }
}
