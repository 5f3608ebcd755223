using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Replying;

/// <summary>A provider's protocol as the simulator needs it. One folder each.</summary>
internal interface IProtocol
{
    /// <summary>Content type of a stream.</summary>
    string StreamContentType { get; }

    /// <summary>Bytes that stand where an event should and that no reader can parse.</summary>
    ReadOnlyMemory<byte> Garbage { get; }

    /// <summary>The credential that the request carries, or null.</summary>
    string? KeyOf(HttpRequest request);

    /// <summary>Refuses a request whose credential is missing or wrong.</summary>
    Refusal? Authorise(HttpRequest request, byte[] body) =>
        KeyOf(request) is null ? new Refusal(401, "No API key was sent. Put it into the header 'Authorization: Bearer KEY'.") : null;

    /// <summary>The body as JSON, or null when it is none; forms are put into that shape.</summary>
    Task<JsonDocument?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken) =>
        Task.FromResult(RequestBody.ParseJson(body));

    /// <summary>Understands the body, or says what is wrong with it.</summary>
    ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal);

    /// <summary>Rewrites directives where this provider knows no such error but an answer that says it.</summary>
    Directives Adapt(Directives directives) => directives;

    /// <summary>Words a failure as this provider does.</summary>
    Refusal Describe(FailureKind failure, string model);

    /// <summary>Writes an error in the protocol's shape.</summary>
    void WriteError(IBufferWriter<byte> into, Refusal refusal);

    /// <summary>Adds the headers that every reply has. <paramref name="refusal"/> is null for an answer.</summary>
    void AddHeaders(IHeaderDictionary headers, string requestId, Refusal? refusal) => headers["x-request-id"] = requestId;
}

/// <summary>A request that was understood.</summary>
internal interface ISimulatedRequest
{
    /// <summary>The model named.</summary>
    string Model { get; }

    /// <summary>True when a stream is asked for.</summary>
    bool Streams { get; }

    /// <summary>The text in which <c>[[sim: ...]]</c> may stand.</summary>
    string Prompt { get; }

    /// <summary>False when a script must name <see cref="Model"/> to be meant for this request.</summary>
    bool TakesScriptsForAny => true;

    /// <summary>What the provider has against the request, given what is scripted.</summary>
    Refusal? Objection(Directives directives) => null;

    /// <summary>Composes the answer. <paramref name="id"/> makes the reply's id unique.</summary>
    IAnswer Answer(Directives directives, string id, DateTimeOffset now);
}

/// <summary>An answer that can be written whole or as a stream.</summary>
internal interface IAnswer
{
    /// <summary>Chunks with output that the stream has; paces the plain reply too.</summary>
    int Chunks { get; }

    /// <summary>Content type of the plain reply.</summary>
    string PlainContentType => "application/json";

    /// <summary>Adds headers that only this answer has.</summary>
    void AddHeaders(IHeaderDictionary headers)
    {
    }

    /// <summary>Writes the plain reply.</summary>
    void WritePlain(IBufferWriter<byte> into);

    /// <summary>Writes one event at a time; the buffer is sent and emptied between two of them.</summary>
    IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into);

    /// <summary>Writes an error as the stream's next event.</summary>
    void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal);
}

/// <summary>An answer that is never streamed.</summary>
internal abstract class PlainAnswer : IAnswer
{
    public int Chunks => 1;

    public virtual string PlainContentType => "application/json";

    public virtual void AddHeaders(IHeaderDictionary headers)
    {
    }

    public abstract void WritePlain(IBufferWriter<byte> into);

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        WritePlain(into);
        yield return FrameKind.Output;
    }

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal) => throw new InvalidOperationException("This answer has no stream.");
}

/// <summary>What an event of a stream carries.</summary>
internal enum FrameKind
{
    /// <summary>Says that something begins.</summary>
    Opening,

    /// <summary>Carries output: the chunks that faults count.</summary>
    Output,

    /// <summary>Carries the finish reason or the usage.</summary>
    Closing,

    /// <summary>Marks the end of the stream.</summary>
    Done,
}

/// <summary>An error that the simulator answers. <paramref name="Failure"/> is set when one of the known kinds is meant.</summary>
internal readonly record struct Refusal(int Status, string Message, string? Code = null, string? Param = null, FailureKind? Failure = null, int? RetryAfter = null, string? RequestId = null);
