using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Contracts;

/// <summary>What happened to one request, without any of its content. Written by the gateway beside the usage record, read by the portal.</summary>
public sealed record JourneyDocument
{
    /// <summary>Version of this shape; readers ignore fields they do not know.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The gateway that served, by its instance name.</summary>
    public string? Gateway { get; init; }

    /// <summary>Configuration revision that the request ran under.</summary>
    public long Revision { get; init; }

    /// <summary>The model name in the request, before resolution; null = none was named.</summary>
    public string? RequestedModel { get; init; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the reply's body as the caller got it.</summary>
    public long ReplyBytes { get; init; }

    /// <summary>Why the route was chosen, in a word or two.</summary>
    public string? RouteReason { get; init; }

    /// <summary>What the request is about; null = nobody wanted to know.</summary>
    public string? Task { get; init; }

    /// <summary>How sure that is, 0 to 1.</summary>
    public double? TaskConfidence { get; init; }

    /// <summary>Who says so: <c>declared</c> by the caller, <c>words</c> of an own task, or the <c>classifier</c>.</summary>
    public string? TaskSource { get; init; }

    /// <summary>How much it asks of a model; of <see cref="Domain.Routing.Complexities"/>.</summary>
    public string? Complexity { get; init; }

    /// <summary>What was held against budgets while it ran, in nano-USD; null = nothing is limited, or it was refused.</summary>
    public long? HeldNanoUsd { get; init; }

    /// <summary>The model that was asked for, when a limit, a budget or an approval sent it to a cheaper one.</summary>
    public string? DowngradedFrom { get; init; }

    /// <summary>The output tokens that it was cut to, when the caller had asked for more.</summary>
    public long? ClampedTo { get; init; }

    /// <summary>Microseconds that it waited in a queue.</summary>
    public long? QueuedUs { get; init; }

    /// <summary>How close the question lies whose kept reply it got, up to 1; null = it got none, or one to the same question.</summary>
    public double? CacheSimilarity { get; init; }

    /// <summary>What the vector of its question cost, in nano-USD; null = no model made one.</summary>
    public long? CacheLookupNanoUsd { get; init; }

    /// <summary>What refused it, also where it was let through after a wait or with a cheaper model; null = nothing did.</summary>
    public JourneyRefusal? Refusal { get; init; }

    /// <summary>What guardrails found, in the order in which it came up; types and counts, never the text.</summary>
    public IReadOnlyList<JourneyFinding> Findings { get; init; } = [];

    /// <summary>Deployments that were considered, in order.</summary>
    public IReadOnlyList<JourneyCandidate> Candidates { get; init; } = [];

    /// <summary>Calls to providers, in order.</summary>
    public IReadOnlyList<JourneyAttempt> Attempts { get; init; } = [];

    /// <summary>Steps with when they ended, in microseconds since arrival, in order.</summary>
    public IReadOnlyList<JourneyStep> Steps { get; init; } = [];
}

/// <summary>So many findings of one kind.</summary>
/// <param name="Guardrail">Whose; of <see cref="Domain.Guardrails.GuardrailNames"/>.</param>
/// <param name="Type">What was found, such as <c>EMAIL</c>.</param>
/// <param name="Action">What was done; of <see cref="Domain.Guardrails.GuardrailActions"/>.</param>
/// <param name="Count">How often.</param>
/// <param name="Reply">Whether it was in the reply, not in the prompt.</param>
public sealed record JourneyFinding(string Guardrail, string Type, string Action, int Count, bool Reply = false);

/// <summary>What refused a request, with its numbers at that moment.</summary>
public sealed record JourneyRefusal
{
    /// <summary>What it was: <c>budget</c>, <c>limit</c>, <c>approval</c>, <c>stop</c> (a kill switch), <c>region</c>, <c>rule</c>, <c>pin</c>, <c>guardrail</c> or <c>permission</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The sentence that the caller got; null = the request was let through in the end.</summary>
    public string? Message { get; init; }

    /// <summary>Kind of the scope that refused; of <see cref="Domain.Limits.ScopeKinds"/>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one; null = the one there is.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Whether a policy throttled or stopped the key because it ran away.</summary>
    public bool Anomaly { get; init; }

    /// <summary>The budget.</summary>
    public Guid? BudgetId { get; init; }

    /// <summary>The limit, or the tier that it comes from.</summary>
    public Guid? LimitId { get; init; }

    /// <summary>The budget's or limit's period.</summary>
    public string? Period { get; init; }

    /// <summary>Of a budget: what was settled, in nano-USD.</summary>
    public long? SettledNanoUsd { get; init; }

    /// <summary>Of a budget: what running requests held, in nano-USD.</summary>
    public long? HeldNanoUsd { get; init; }

    /// <summary>Of a budget: its cap with raises, in nano-USD.</summary>
    public long? CapNanoUsd { get; init; }

    /// <summary>Of a limit: what it counts.</summary>
    public string? Unit { get; init; }

    /// <summary>Of a limit: how many.</summary>
    public long? Amount { get; init; }

    /// <summary>Of a rate: after how many milliseconds there was room.</summary>
    public long? WaitMs { get; init; }
}

/// <summary>A deployment that was considered.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Provider">Its provider's slug.</param>
/// <param name="Dropped">Why it was not tried; null = it was kept.</param>
public sealed record JourneyCandidate(string Deployment, string Provider, string? Dropped = null);

/// <summary>A call to a provider.</summary>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="StartUs">When it started, in microseconds since the request's arrival.</param>
/// <param name="FirstByteUs">When the first byte of the reply came; null = none came.</param>
/// <param name="EndUs">When it ended.</param>
/// <param name="Status">The provider's HTTP status; null = no answer.</param>
/// <param name="Outcome"><c>ok</c>, or the reason of its failure.</param>
/// <param name="Credential">Which of the deployment's credentials it was called with; null = it has no choice.</param>
public sealed record JourneyAttempt(string Deployment, long StartUs, long? FirstByteUs, long EndUs, int? Status, string Outcome, Guid? Credential = null)
{
    /// <summary>What it cost, in nano-USD; null where the request paid for one answer only.</summary>
    public long? CostNanoUsd { get; init; }

    /// <summary><c>judge</c> for a call that scored another one's answer; null = it was to answer.</summary>
    public string? Role { get; init; }

    /// <summary>What the gate of a cascade gave its answer, 0 to 1; null = it did not look.</summary>
    public double? Score { get; init; }

    /// <summary>The check that gave that score; null = nothing was amiss.</summary>
    public string? Gate { get; init; }

    /// <summary>More about it in a few words.</summary>
    public string? GateDetail { get; init; }
}

/// <summary>A step of the journey.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="EndUs">When it ended, in microseconds since the request's arrival.</param>
public sealed record JourneyStep(string Name, long EndUs);

/// <summary>JSON of the documents that gateway and portal exchange.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JourneyDocument))]
public sealed partial class ContractsJson : JsonSerializerContext;
