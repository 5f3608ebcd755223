using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.PassThrough;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Pipeline;

/// <summary>One request on its way through the journey: what was known at the door, and one slot per step.</summary>
internal sealed class Exchange
{
    private readonly TimeProvider time;
    private readonly long startedAt;
    private string? requestId;

    /// <summary>Begins now.</summary>
    public Exchange(HttpContext http, Operation operation, ConfigurationSnapshot? snapshot, TimeProvider time)
    {
        this.time = time;
        startedAt = time.GetTimestamp();
        Http = http;
        Operation = operation;
        Snapshot = snapshot;
        ArrivedAt = time.GetUtcNow();
        Id = Guid.CreateVersion7(ArrivedAt);
    }

    /// <summary>The HTTP exchange.</summary>
    public HttpContext Http { get; }

    /// <summary>What the caller wants to do.</summary>
    public Operation Operation { get; }

    /// <summary>The configuration that this request runs under to its end; null = none was ever loaded.</summary>
    public ConfigurationSnapshot? Snapshot { get; }

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset ArrivedAt { get; }

    /// <summary>Id of the usage record, of the journal entry and, unless the caller brought one, of the request.</summary>
    public Guid Id { get; }

    /// <summary>The caller's <c>x-request-id</c> if it is well formed, else the record's id.</summary>
    public string RequestId => requestId ??= Ingress.RequestId.From(Http.Request.Headers, Id);

    /// <summary>Who asks. Slot of <see cref="IdentifyCaller"/>.</summary>
    public Caller? Caller { get; set; }

    /// <summary>What they ask. Slot of <see cref="ReadRequest"/>.</summary>
    public RequestFacts? Request { get; set; }

    /// <summary>Where it may go. Slot of <see cref="PlanRoute"/>.</summary>
    public RoutePlan? Plan { get; set; }

    /// <summary>What it is about; null = nobody wanted to know. Slot of <see cref="PlanRoute"/>.</summary>
    public Routing.Rules.RequestTask? Task { get; set; }

    /// <summary>Where it is passed on to. Slot of the pass-through's steps.</summary>
    public Forwarding? Forwarding { get; set; }

    /// <summary>Whether it has a place among the requests that this gateway runs. Slot of <see cref="AdmitRequest"/>.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>What it holds against limits and budgets; null = nothing is limited. Slot of <see cref="ReserveSpend"/>.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>What guardrails did with it; null = none looks at it. Slot of <see cref="Guardrails.ScreenPrompt"/>.</summary>
    public Guardrails.Screening.Screened? Screened { get; set; }

    /// <summary>Copies of its texts; null = no policy wants them kept. Slot of <see cref="Content.OpenContent"/>.</summary>
    public Content.ContentCapture? Content { get; set; }

    /// <summary>Its texts for its trace; null = the operator or the organisation does not let them stand there. Slot of <see cref="Content.KeepContent"/>.</summary>
    public Shared.Content.ContentTexts? TracedTexts { get; set; }

    /// <summary>What its reply is checked for; null = nothing. Slot of <see cref="Guardrails.PlanChecks"/>.</summary>
    public Guardrails.Replies.ReplyChecks? Checks { get; set; }

    /// <summary>What the cache has to do with it; null = nothing. Slot of <see cref="Caching.AnswerFromCache"/>.</summary>
    public Caching.CacheLookup? Cache { get; set; }

    /// <summary>What is done for providers' caches of its beginning; null = nothing. Slot of <see cref="Caching.Prefixes.PlanPrefix"/>.</summary>
    public Caching.Prefixes.PrefixLookup? Prefix { get; set; }

    /// <summary>Whether a policy lets the cache answer it.</summary>
    public bool MayBeAnsweredFromCache => Caching.AnswerFromCache.TermsOf(this) is not null && !Request!.CacheAsks.HasFlag(CacheAsks.NoCache);

    /// <summary>Whether the cache answered it.</summary>
    public bool IsFromCache => Cache?.Answer is not null;

    /// <summary>What that saved: nano-USD and microseconds; null = it did not.</summary>
    public (long NanoUsd, long Us)? Saved => Cache?.Answer is { } answer ? (answer.CostNanoUsd, Math.Max(0, answer.LatencyUs - ElapsedUs)) : null;

    /// <summary>True once the journal knows of this request. Slot of <see cref="OpenUsage"/>.</summary>
    public bool IsOpened { get; set; }

    /// <summary>Guesses input tokens where nobody reports them; null = without what was learned. Slot of <see cref="OpenUsage"/>.</summary>
    public TokenEstimator? Estimator { get; set; }

    /// <summary>Calls to providers and the one that stands. Slot of <see cref="CallProvider"/>.</summary>
    public ProviderCall Call { get; } = new();

    /// <summary>What is to be said of attempts beside how they ended; made when there is something. See <see cref="ProviderCall.Legs"/>.</summary>
    public CallLegs NoteLegs() => Call.Legs ??= new();

    /// <summary>Why the journey ended early. Slot of the runner.</summary>
    public Refusal? Refusal { get; set; }

    /// <summary>What went out to the caller. Slot of the reply step.</summary>
    public ReplyOutcome Reply { get; } = new();

    /// <summary>Tokens and cost. Slot of <see cref="PriceUsage"/>, filled before the reply's headers where the usage is known by then.</summary>
    public Spend? Spend { get; set; }

    /// <summary>When each step ended, for the journey document. Slot of the runner.</summary>
    public StepTimes Steps { get; } = new();

    /// <summary>Microseconds since the request arrived.</summary>
    public long ElapsedUs => ElapsedUsAt(time.GetTimestamp());

    /// <summary>Microseconds between the request's arrival and a timestamp.</summary>
    public long ElapsedUsAt(long timestamp) => (long)((timestamp - startedAt) * (1e6 / time.TimestampFrequency));
}

/// <summary>What went out to the caller.</summary>
internal sealed class ReplyOutcome
{
    /// <summary>HTTP status as sent; 499 when the caller left before anything was.</summary>
    public int StatusCode { get; set; }

    /// <summary>Bytes of the body.</summary>
    public long Bytes { get; set; }

    /// <summary>When the first content went out, in microseconds since arrival.</summary>
    public long? FirstContentUs { get; set; }

    /// <summary>True when the caller left before the reply was whole.</summary>
    public bool CallerLeft { get; set; }

    /// <summary>True when it is a canned text, because nobody was left to ask.</summary>
    public bool IsDegraded { get; set; }

    /// <summary>Why a stream broke after its first byte; null = it ended well.</summary>
    public string? BrokenBecause { get; set; }

    /// <summary>True when a guardrail ended the stream: it broke for its caller, and its provider did well.</summary>
    public bool IsKeptBack { get; set; }

    /// <summary>Why its provider broke off; null = it did not.</summary>
    public string? Broken => IsKeptBack ? null : BrokenBecause;
}

/// <summary>When each step ended. Room for the longest journey: growing would cost more than all of it.</summary>
internal sealed class StepTimes
{
    private (string Name, long EndUs)[] ended = new (string, long)[32];

    /// <summary>Steps so far.</summary>
    public int Count { get; private set; }

    /// <summary>The step at an index.</summary>
    public (string Name, long EndUs) this[int index] => ended[index];

    /// <summary>Notes that a step ended.</summary>
    public void Add(string name, long endUs)
    {
        if (Count == ended.Length) Array.Resize(ref ended, Count * 2);
        ended[Count++] = (name, endUs);
    }
}
