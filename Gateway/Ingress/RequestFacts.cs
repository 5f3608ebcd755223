using System.Buffers;
using AspireGateway.Gateway.Ingress.Multipart;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>
/// The request's body and the few things that the gateway needs to know of it, found in one pass. The body itself stays as it came: providers of the
/// same dialect get these bytes with only the changed fields rewritten, so unknown fields survive.
/// </summary>
internal sealed class RequestFacts : IDisposable
{
    // Few requests have any.
    private System.Runtime.CompilerServices.StrongBox<UnitUsage>? units;
    private byte[]? rented;
    private string? task;
    private bool isTaskFound;
    private int senders, cacheTtlSeconds;

    /// <summary>Takes over a rented buffer.</summary>
    public RequestFacts(byte[] rented, int length)
    {
        this.rented = rented;
        Body = rented.AsMemory(0, length);
    }

    /// <summary>The whole body.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>The model as the caller named it; null = none.</summary>
    public string? Model { get; set; }

    /// <summary>Where the model's value stands, quotes included; empty when there is none.</summary>
    public Range ModelRange { get; set; }

    /// <summary>Whether the body has a model field (it may be null).</summary>
    public bool HasModelField { get; set; }

    /// <summary>Just behind the opening brace of the body.</summary>
    public int RootStart { get; set; }

    /// <summary>At the closing brace of the body.</summary>
    public int RootEnd { get; set; }

    /// <summary>Whether a stream is asked for.</summary>
    public bool Stream { get; set; }

    /// <summary>Where the value of <c>stream_options</c> stands.</summary>
    public Range StreamOptionsRange { get; set; }

    /// <summary>What <c>stream_options</c> says.</summary>
    public StreamOptionsState StreamOptions { get; set; }

    /// <summary>Where the value of <c>stream_options.include_usage</c> stands, when it is there.</summary>
    public Range IncludeUsageRange { get; set; }

    /// <summary>Whether the caller wants to see the usage chunk of a stream.</summary>
    public bool CallerWantsUsage => StreamOptions == StreamOptionsState.IncludesUsage;

    /// <summary>Where the field <c>gateway</c> stands, which is for the gateway alone, its name included; empty when there is none.</summary>
    public Range GatewayRange { get; set; }

    /// <summary>Texts that the answer is to be grounded in (<c>gateway.context</c>); null = none were sent.</summary>
    public string[]? Context { get; set; }

    /// <summary>Bytes of the prompt's JSON.</summary>
    public int PromptBytes { get; set; }

    /// <summary>What is asked for; null = nobody read the body.</summary>
    public Operation? Operation { get; set; }

    /// <summary>Messages, items or texts of the prompt.</summary>
    public int Messages { get; set; }

    /// <summary>Tools that the model may call.</summary>
    public int Tools { get; set; }

    /// <summary>What makes the prompt larger or dearer than its text; null = nothing, as usual.</summary>
    public UnusualContent? Unusual { get; set; }

    /// <summary>Bytes of the body outside media: no tokenizer makes more tokens of them.</summary>
    public int TextBytes => Form is null ? Body.Length - (Unusual?.MediaBytes ?? 0) : PromptBytes;

    /// <summary>The caller's cap on output tokens; null = none.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Where the value of the first of the operation's fields for that cap stands; empty when it is not there.</summary>
    public Range MaxTokensRange { get; set; }

    /// <summary>The same for the operation's other field.</summary>
    public Range OtherMaxTokensRange { get; set; }

    /// <summary>The gateway's own cap on the output tokens of each choice, which providers are told where it is below the caller's; null = none.</summary>
    public long? OutputCap { get; set; }

    /// <summary>The cap that the provider must be told instead of the caller's; null = the caller's stands.</summary>
    public long? EnforcedCap => OutputCap is { } cap && (MaxOutputTokens is not { } asked || cap < asked) ? cap : null;

    /// <summary>The end user, from the header or the body.</summary>
    public string? UserId { get; set; }

    /// <summary>The virtual key's id; null = nobody read the headers.</summary>
    public string? KeyId { get; set; }

    /// <summary>The feature, from the key or the header.</summary>
    public string? Feature { get; set; }

    /// <summary>The agent, from the header.</summary>
    public string? Agent { get; set; }

    /// <summary>The task that the caller declares; null = none.</summary>
    public string? DeclaredTask
    {
        get => isTaskFound ? null : task;
        set => (task, isTaskFound) = (value, false);
    }

    /// <summary>What it is about, as far as known: the declared task, or what the classifier found.</summary>
    public string? Task => task;

    /// <summary>The declared classes of data, separated by commas (<c>x-gateway-data-class</c>); null = none.</summary>
    public string? DataClass { get; set; }

    /// <summary>The tags as a JSON object; null = none.</summary>
    public string? Tags { get; set; }

    /// <summary>The caller's own deadline for the whole call; null = none.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether the reply's body shall carry the gateway's facts.</summary>
    public bool WantsMetadataInBody { get; set; }

    /// <summary>Whether the caller would rather be refused than have a field left out (<c>x-gateway-strict</c>).</summary>
    public bool IsStrict { get; set; }

    /// <summary>What the caller asks of the cache.</summary>
    public CacheAsks CacheAsks { get; set; }

    /// <summary>How old a kept reply may be, and how long this one may be kept, in seconds; null = as the policies say.</summary>
    public int? CacheTtlSeconds
    {
        get => cacheTtlSeconds == 0 ? null : cacheTtlSeconds;
        set => cacheTtlSeconds = value ?? 0;
    }

    /// <summary>How close a similar question must lie at least, 0 to 1; 0 = as the policies say. It never makes them wider.</summary>
    public float CacheSimilarity { get; set; }

    /// <summary>What the gateway may mark for the provider's cache of its own accord; <see cref="CacheWish.None"/> = nothing. It makes the request's bound higher.</summary>
    public CacheWish PrefixWish { get; set; }

    /// <summary>What is asked for besides tokens, such as images; what a reply reports goes before it.</summary>
    public UnitUsage Units
    {
        get => units?.Value ?? default;
        set => units = value.IsEmpty && value.ImageSize is null && value.ImageQuality is null ? null : new(value);
    }

    /// <summary>The form that the body is; null = the body is none.</summary>
    public FormBody? Form { get; set; }

    /// <summary>Whether embeddings are wanted as base64; null = the caller did not say.</summary>
    public bool? WantsBase64 { get; set; }

    /// <summary>Where the value of <c>encoding_format</c> stands; empty when there is none.</summary>
    public Range EncodingFormatRange { get; set; }

    /// <summary>Embeddings in neutral words; null = no provider needed them yet.</summary>
    public EmbeddingsRequest? Embeddings { get; set; }

    /// <summary>The request in neutral words; null = no provider needed it yet.</summary>
    public ChatRequest? Chat { get; set; }

    /// <summary>Puts another body in the place of the one that came, before anything of it was sent. Places of fields must be read again.</summary>
    public void ReplaceBody(ReadOnlySpan<byte> body)
    {
        var mine = System.Buffers.ArrayPool<byte>.Shared.Rent(Math.Max(1, body.Length));
        body.CopyTo(mine);
        var before = Interlocked.Exchange(ref rented, mine);
        Body = mine.AsMemory(0, body.Length);
        (Chat, Embeddings, Form, HasModelField, StreamOptions) = (null, null, null, false, StreamOptionsState.Absent);
        (ModelRange, StreamOptionsRange, IncludeUsageRange, MaxTokensRange, OtherMaxTokensRange, EncodingFormatRange, GatewayRange) = (default, default, default, default, default, default, default);
        if (before is not null) ArrayPool<byte>.Shared.Return(before);
    }

    /// <summary>Notes the task that was found; a declared one stays.</summary>
    public void FindTask(string? label)
    {
        if (task is null && label is not null) (task, isTaskFound) = (label, true);
    }

    /// <summary>Notes that the body is being sent somewhere.</summary>
    public void BeginSending() => Interlocked.Increment(ref senders);

    /// <summary>Notes that a sending ended.</summary>
    public void EndSending() => Interlocked.Decrement(ref senders);

    /// <summary>
    /// Gives the body's buffer back. Over HTTP/2 a provider may answer while it is still being sent the body: such a buffer is left to the garbage
    /// collector, because the next request to rent it would be sent along, another tenant's words perhaps.
    /// </summary>
    public void Dispose()
    {
        Body = default;
        var mine = Interlocked.Exchange(ref rented, null);
        if (mine is not null && Volatile.Read(ref senders) == 0) ArrayPool<byte>.Shared.Return(mine);
    }
}

/// <summary>What a request says in <c>stream_options</c>.</summary>
internal enum StreamOptionsState
{
    /// <summary>No such field.</summary>
    Absent,

    /// <summary>The field is null.</summary>
    Null,

    /// <summary>An empty object.</summary>
    Empty,

    /// <summary>An object that says nothing about usage.</summary>
    Silent,

    /// <summary>An object with <c>include_usage</c> false or null.</summary>
    ExcludesUsage,

    /// <summary>An object with <c>include_usage</c> true.</summary>
    IncludesUsage,
}
