using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers;

/// <summary>The calls to providers that one request made.</summary>
internal sealed class ProviderCall
{
    private Attempt[] attempts = new Attempt[1];

    /// <summary>The attempt that stands: the caller gets its reply. Null until one does.</summary>
    public ProviderReply? Standing { get; set; }

    /// <summary>The candidate being called now; null between attempts.</summary>
    public Candidate? InFlight { get; set; }

    /// <summary>The deployment that counts this request as on its way; null = none does.</summary>
    public DeploymentSnapshot? Busy { get; private set; }

    /// <summary>What the standing (or last) attempt could not say to its provider.</summary>
    public DroppedFields Dropped { get; } = new();

    /// <summary>Attempts made so far.</summary>
    public int AttemptCount { get; private set; }

    /// <summary>The attempts in order.</summary>
    public ReadOnlySpan<Attempt> Attempts => attempts.AsSpan(0, AttemptCount);

    /// <summary>By when an answer must stand, in microseconds since the request's arrival.</summary>
    public long StandByUs { get; set; } = long.MaxValue;

    /// <summary>By when it must be over, a stream's last event included; <see cref="long.MaxValue"/> = when it is.</summary>
    public long EndByUs { get; set; } = long.MaxValue;

    /// <summary>Whether another deployment can be asked if the current one fails.</summary>
    public bool HasOthers { get; set; }

    /// <summary>The place of the credential that a request is passed on with; -1 = none.</summary>
    public short CredentialPlace { get; set; } = CredentialSpread.None;

    /// <summary>How long one may be silent while another one can be asked.</summary>
    public TimeSpan MovesOnAfter { get; set; } = TimeSpan.MaxValue;

    /// <summary>What is known of attempts that do not stand, and how many answers are held for; null = nothing of note.</summary>
    public Pipeline.CallLegs? Legs { get; set; }

    /// <summary>What attempts used that do not stand; null = nothing.</summary>
    public Accounting.Spend? Lost => Legs?.Lost;

    /// <summary>What it cost to look for a kept reply: the vector of the question. No attempt at an answer; null = nothing.</summary>
    public Accounting.Spend? Lookup { get; set; }

    /// <summary>The most that this can cost, in nano-USD, as it is held for; null = nobody expected it to cost anything.</summary>
    public long? LookupBoundNanoUsd { get; set; }

    /// <summary>What is held of the quota of the deployment whose reply stands; null = it has none.</summary>
    public Accounting.Ledger.Hold? Quota { get; set; }

    /// <summary>Microseconds that providers took, all attempts together.</summary>
    public long UpstreamUs { get; set; }

    /// <summary>A deployment is called.</summary>
    public void Begin(DeploymentSnapshot deployment)
    {
        Busy = deployment;
        deployment.Traffic.Begin();
    }

    /// <summary>It has done, or failed.</summary>
    public void End()
    {
        Busy?.Traffic.End();
        Busy = null;
    }

    /// <summary>Of two that were called at once, the other one goes on.</summary>
    public void Replace(DeploymentSnapshot by)
    {
        End();
        Busy = by;
    }

    /// <summary>Notes an attempt that ended, or stands.</summary>
    public void Add(in Attempt attempt)
    {
        if (AttemptCount == attempts.Length) Array.Resize(ref attempts, AttemptCount * 2);
        attempts[AttemptCount++] = attempt;
    }

    /// <summary>Puts an attempt last, where the one that stands has its place.</summary>
    public void PutLast(in Attempt attempt)
    {
        var all = attempts.AsSpan(0, AttemptCount);
        var at = all.IndexOf(attempt);
        if (at < 0) return;
        all[(at + 1)..].CopyTo(all[at..]);
        all[^1] = attempt;
    }

    /// <summary>Notes when the last attempt ended.</summary>
    public void EndLast(long endUs, string outcome)
    {
        if (AttemptCount > 0) attempts[AttemptCount - 1] = attempts[AttemptCount - 1] with { EndUs = endUs, Outcome = outcome };
    }
}

/// <summary>One call to a provider; times in microseconds since the request's arrival.</summary>
/// <param name="Candidate">Where it went.</param>
/// <param name="StartUs">When it began.</param>
/// <param name="FirstByteUs">When the reply's headers were there; null = there was no reply.</param>
/// <param name="EndUs">When it ended.</param>
/// <param name="Status">The provider's HTTP status.</param>
/// <param name="Outcome"><c>ok</c>, or the failure's word.</param>
internal readonly record struct Attempt(Candidate Candidate, long StartUs, long? FirstByteUs, long EndUs, int? Status, string Outcome)
{
    // Every request has an attempt: the two fit where a number that may be missing stood alone.
    private readonly short status = (short)(Status ?? 0);
    private readonly short credential = 0;

    /// <summary>The provider's HTTP status; null = there was no reply.</summary>
    public int? Status => status == 0 ? null : status;

    /// <summary>The place among the deployment's credentials of the one that it was called with; -1 = none.</summary>
    public int CredentialPlace { get => credential - 1; init => credential = (short)(value + 1); }
}
