using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.State;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>Tells circuits what became of requests, and others what became of circuits.</summary>
internal sealed class CircuitWatch(CircuitNews news, IOptions<ReliabilityOptions> settings, TimeProvider time)
{
    private readonly ReliabilityOptions options = settings.Value;

    /// <summary>Whether a deployment may be called now. Where it is the last that is left, it may unless a person took it out.</summary>
    public bool MayCall(DeploymentSnapshot deployment, bool hasOthers) =>
        deployment.Traffic.Circuit.TryEnter(NowMs) || (!hasOthers && !deployment.Traffic.Circuit.IsHeld);

    /// <summary>Somebody stands in for one that is left alone. Told once each time that one goes out.</summary>
    public void StandsIn(Exchange exchange, StandInRamp ramp)
    {
        var now = NowMs;
        // Its own circuit has more to say than this.
        if (ramp.StandIn.Traffic.Circuit.StateAt(now) != CircuitState.Closed || !ramp.For.Traffic.Circuit.TryTellStandIn()) return;
        Tell(exchange, ramp.StandIn, new(CircuitState.StandingIn, $"stands in for {ramp.For.Name}, with {Math.Round(ramp.Share * 100)} % of its requests at first", ramp.UntilMs));
    }

    /// <summary>An answer has begun.</summary>
    public void Stood(Exchange exchange, DeploymentSnapshot deployment, in Attempt attempt)
    {
        var took = (int)Math.Min(int.MaxValue, (attempt.EndUs - attempt.StartUs) / 1_000);
        Tell(exchange, deployment, deployment.Traffic.Circuit.Stand(NowMs, took, exchange.Request!.Stream, TermsOf(deployment)));
    }

    /// <summary>An answer has ended well.</summary>
    public void Succeeded(Exchange exchange, DeploymentSnapshot deployment) =>
        Tell(exchange, deployment, deployment.Traffic.Circuit.Succeed(NowMs, TermsOf(deployment), options.RampStepMs));

    /// <summary>An answer broke off in the middle.</summary>
    public void Broke(Exchange exchange, DeploymentSnapshot deployment, string word)
    {
        var now = NowMs;
        Tell(exchange, deployment, deployment.Traffic.Circuit.Fail(now, now - LastOf(exchange), word, TermsOf(deployment)));
    }

    /// <summary>The caller left before anything was learned.</summary>
    public static void Left(DeploymentSnapshot deployment) => deployment.Traffic.Circuit.Abandon();

    /// <summary>An attempt failed. What the request itself is to blame for says nothing of the deployment.</summary>
    public void Failed(Exchange exchange, DeploymentSnapshot deployment, ProviderFailure failure)
    {
        var circuit = deployment.Traffic.Circuit;
        if (failure.Outcome == "rate_limited")
        {
            Tell(exchange, deployment, circuit.Rest(NowMs, TimeSpan.FromSeconds(failure.Refusal.RetryAfterSeconds ?? 1), "its provider limits the rate"));
            return;
        }
        if (failure.IsCutByDeadline || !IsItsFault(failure.Outcome))
        {
            circuit.Abandon();
            return;
        }
        var now = NowMs;
        if (circuit.Fail(now, now - LastOf(exchange), failure.Outcome, TermsOf(deployment)) is { } change) Tell(exchange, deployment, change);
        // An overload that says when it hopes to be over.
        else if (failure.ToldSeconds is > 0 and { } told) Tell(exchange, deployment, circuit.Rest(NowMs, TimeSpan.FromSeconds(told), "its provider asked to be left alone"));
    }

    /// <summary>Somebody looked at a deployment on a schedule.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="deployment">Which.</param>
    /// <param name="startedAt">When the look began.</param>
    /// <param name="word">What was wrong; null = nothing.</param>
    public void Probed(Guid organisation, DeploymentSnapshot deployment, DateTimeOffset startedAt, string? word)
    {
        var (now, terms, circuit) = (NowMs, TermsOf(deployment), deployment.Traffic.Circuit);
        var change = word is not null ? circuit.Fail(now, startedAt.ToUnixTimeMilliseconds(), word + " at a health check", terms) : circuit.Revive(now, startedAt.ToUnixTimeMilliseconds());
        if (change is { } said) news.Tell(new(organisation, deployment.Id, said, now));
    }

    private static bool IsItsFault(string outcome) => outcome switch
    {
        "timeout" or "connect_failed" or "broken" or "malformed" or "server_error" or "overloaded" or "unauthorized" or "not_found" or "credential_unreadable" or "address_forbidden" => true,
        _ => false,
    };

    // How long ago the last attempt began.
    private static long LastOf(Exchange exchange) => (exchange.ElapsedUs - exchange.Call.Attempts[^1].StartUs) / 1_000;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private CircuitTerms TermsOf(DeploymentSnapshot deployment) => CircuitTerms.Of(deployment.Breaker, options);

    private void Tell(Exchange exchange, DeploymentSnapshot deployment, CircuitChange? change)
    {
        if (change is { } said) news.Tell(new(exchange.Caller?.Organisation.Id ?? Guid.Empty, deployment.Id, said, NowMs));
    }
}
