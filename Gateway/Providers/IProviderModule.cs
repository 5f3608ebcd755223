using System.Runtime.InteropServices;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Providers;

/// <summary>
/// One wire protocol. Pure: bytes in, bytes out; no client, clock or store inside. The one caller in <see cref="Calling"/> does all I/O.
/// </summary>
internal interface IProviderModule
{
    /// <summary>The protocol's name in provider configurations, e.g. <c>openai</c>.</summary>
    string Protocol { get; }

    /// <summary>The header that carries the credential.</summary>
    (string Name, string Value) Authorize(string secret);

    /// <summary>What to change in the caller's body so that this model of this provider understands it.</summary>
    BodyEdit[] EditRequest(RequestFacts request, byte[] upstreamModelJson);

    /// <summary>Reads a whole reply; false when it is not a reply of this protocol.</summary>
    bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts);

    /// <summary>Whether the first event of a stream says that there will be none.</summary>
    bool IsFailure(ReadOnlySpan<byte> eventData);

    /// <summary>Reads one event of a stream and says what becomes of it. The cut is relative to the data.</summary>
    StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage);

    /// <summary>Reads an error reply (HTTP status of 400 and more).</summary>
    ProviderFailure ReadFailure(int status, int? retryAfterSeconds, ReadOnlySpan<byte> body);
}

/// <summary>A replacement in a body; offsets count in the original.</summary>
/// <param name="Start">First byte replaced.</param>
/// <param name="End">Behind the last byte replaced; equal to the start for an insertion.</param>
/// <param name="Replacement">What comes there.</param>
internal readonly record struct BodyEdit(int Start, int End, byte[] Replacement);

/// <summary>What becomes of a stream's event.</summary>
internal enum StreamAction
{
    /// <summary>Passed on as it came.</summary>
    Forward,

    /// <summary>Passed on without the bytes of the cut.</summary>
    ForwardWithout,

    /// <summary>Kept from the caller, who did not ask for it.</summary>
    Drop,

    /// <summary>The stream's end marker.</summary>
    Done,

    /// <summary>The provider reports a failure, or the event makes no sense.</summary>
    Fail,
}

/// <summary>What becomes of a stream's event.</summary>
/// <param name="Action">What to do.</param>
/// <param name="CutStart">First byte of the cut.</param>
/// <param name="CutEnd">Behind its last byte.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamVerdict(StreamAction Action, int CutStart = 0, int CutEnd = 0);
