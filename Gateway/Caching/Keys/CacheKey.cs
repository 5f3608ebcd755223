using AspireGateway.Gateway.Caching.Policies;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>
/// What makes two requests the same: who may share the reply, where it may come from, what guardrails hold, and what is asked. A change of any of it makes another key,
/// so that nothing that changed can be answered by what was before (decision 0166).
/// </summary>
internal static class CacheKey
{
    private const byte Version = 1;

    // No key of a reply begins like the scope of a question.
    private const byte ScopeMark = 0x51;

    /// <summary>Headers of the caller that provider modules pass on: they change what a provider does. A test holds that none is missing.</summary>
    public static readonly string[] PassedOn = ["anthropic-version", "anthropic-beta"];

    /// <summary>Makes the digest of a request whose prompt has been screened.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="terms">What its policies come to.</param>
    /// <param name="maxDepth">Deepest nesting of a body.</param>
    /// <param name="digest">Gets the digest.</param>
    /// <returns>False: it is not to be kept.</returns>
    public static bool TryMake(Exchange exchange, CacheTerms terms, int maxDepth, out CacheDigest digest)
    {
        using var said = CanonicalBuffer.Take();
        said.Mark((char)Version);
        var isFit = TryWrite(exchange, terms, maxDepth, said, holes: default);
        digest = isFit ? CacheDigest.Of(said.Written) : default;
        return isFit;
    }

    /// <summary>Makes the digest of everything that must be equal where the last message's words need not be.</summary>
    /// <param name="exchange">A request that has a digest of its own.</param>
    /// <param name="terms">What its policies come to.</param>
    /// <param name="maxDepth">Deepest nesting of a body.</param>
    /// <param name="holes">Where those words stand; of <see cref="LastTurn"/>.</param>
    /// <param name="vectors">Whose vectors they are: those of others cannot be compared.</param>
    /// <param name="scope">Gets the digest.</param>
    /// <returns>False: there is none.</returns>
    public static bool TryMakeScope(Exchange exchange, CacheTerms terms, int maxDepth, ReadOnlySpan<int> holes, string vectors, out CacheDigest scope)
    {
        using var said = CanonicalBuffer.Take();
        said.Mark((char)ScopeMark);
        said.Mark((char)Version);
        said.Text(vectors);
        var isFit = TryWrite(exchange, terms, maxDepth, said, holes);
        scope = isFit ? CacheDigest.Of(said.Written) : default;
        return isFit;
    }

    private static bool TryWrite(Exchange exchange, CacheTerms terms, int maxDepth, CanonicalBuffer said, ReadOnlySpan<int> holes)
    {
        var facts = exchange.Request!;
        // Such a reply is checked against what this request alone holds, with retries and repairs that are this request's own: a kept one would pass unchecked.
        if (exchange.Checks is { Format: not null } or { Grounding: not null }) return false;
        // Services outside see each reply that their policy shows them: what they let pass once is no word about the next caller.
        if (Guardrails.External.ExternalScreen.RuleOf(exchange.Screened, isReply: true) is not null) return false;
        if (!TryWriteScope(exchange, terms, said)) return false;
        WritePlan(exchange, said);
        said.Text(exchange.Caller!.Organisation.Caching.Guardrails);
        said.Text(exchange.Caller.GuardrailFloor);
        said.Text(exchange.Operation.Name);
        // Who wants to be refused rather than served by halves must not get what was made for others.
        said.Mark(facts.IsStrict ? 't' : 'f');
        var headers = exchange.Http.Request.Headers;
        foreach (var name in PassedOn) said.Text(headers.TryGetValue(name, out var value) ? value.ToString() : null);
        var fitness = CanonicalRequest.Write(facts.Body.Span, exchange.Operation, maxDepth, said, holes);
        if (fitness.HasFlag(CacheFitness.Unfit) || (!terms.AllowsTools && (fitness.HasFlag(CacheFitness.Tools) || facts.Tools > 0))) return false;
        return !terms.NeedsTemperatureZero || fitness.HasFlag(CacheFitness.TemperatureZero) || exchange.Operation.Kind != Ingress.OperationKind.Chat;
    }

    private static bool TryWriteScope(Exchange exchange, CacheTerms terms, CanonicalBuffer said)
    {
        var caller = exchange.Caller!;
        said.Text(terms.Scope);
        said.Id(caller.Organisation.Id);
        switch (terms.Scope)
        {
            case CacheScopes.Organisation:
                return true;
            case CacheScopes.Team:
                said.Id(caller.Team.Id);
                return true;
            case CacheScopes.Key:
                said.Id(caller.Key.Id);
                return true;
            default:
                // Users are whom the key says they are, so one key's are not another one's; those without a name are not one user.
                said.Id(caller.Key.Id);
                said.Text(exchange.Request!.UserId);
                return exchange.Request.UserId is not null;
        }
    }

    // The deployments as they are configured, in whichever order they are tried today: those that may serve, and the versions that they are asked for.
    private static void WritePlan(Exchange exchange, CanonicalBuffer said)
    {
        var plan = exchange.Plan!;
        said.Text(plan.Model.Name);
        foreach (var deployment in plan.Pin?.Deployments ?? plan.Arm?.Of.Deployments ?? plan.Model.Deployments) Write(deployment, said);
        said.Id(plan.Pin?.Id ?? Guid.Empty);
        said.Text(plan.Pin?.Version);
        // Two arms that are compared must not answer for each other.
        said.Id(plan.Arm?.Of.Id ?? Guid.Empty);
        said.Mark(plan.Arm is { IsCanary: true } ? 't' : 'f');
        said.Text(plan.Reason.StartsWith("ab:", StringComparison.Ordinal) ? plan.Reason : null);
    }

    private static void Write(DeploymentSnapshot deployment, CanonicalBuffer said)
    {
        said.Id(deployment.Id);
        said.Text(deployment.UpstreamModel);
        said.Text(deployment.Provider.Protocol);
        said.Text(deployment.Provider.BaseUrl.AbsoluteUri);
    }
}
