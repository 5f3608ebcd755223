using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>Notes who holds a request's beginning now: whoever answered it.</summary>
internal sealed class RememberPrefix : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (exchange.Prefix is not { } prefix || exchange.Call is not { Standing: { Status: StatusCodes.Status200OK } standing, AttemptCount: > 0 } call) return ValueTask.CompletedTask;
        var deployment = standing.Candidate.Deployment;
        var place = call.Attempts[^1].CredentialPlace;
        // Whoever has one credential needs no preference.
        var credential = deployment.Credentials.Length > 1 && place >= 0 && place < deployment.Credentials.Length ? deployment.Credentials[place].Credential.Id : Guid.Empty;
        prefix.Stands(deployment.Id, credential);
        return ValueTask.CompletedTask;
    }
}
