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

    /// <summary>Understands the body, or says what is wrong with it.</summary>
    ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal);

    /// <summary>Writes an error in the protocol's shape.</summary>
    void WriteError(IBufferWriter<byte> into, Refusal refusal);

    /// <summary>Writes an error as an event inside a stream.</summary>
    void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal);
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

    /// <summary>Composes the answer. <paramref name="id"/> makes the reply's id unique.</summary>
    IAnswer Answer(Directives directives, string id, DateTimeOffset now);
}

/// <summary>An answer that can be written whole or as a stream.</summary>
internal interface IAnswer
{
    /// <summary>Chunks with output that the stream has; paces the plain reply too.</summary>
    int Chunks { get; }

    /// <summary>Writes the plain reply.</summary>
    void WritePlain(IBufferWriter<byte> into);

    /// <summary>Writes one event at a time; the buffer is sent and emptied between two of them.</summary>
    IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into);
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

/// <summary>An error that the simulator answers.</summary>
internal readonly record struct Refusal(int Status, string Message, string? Code = null, string? Param = null);
