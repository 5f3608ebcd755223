using System.Runtime.InteropServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers;

/// <summary>An operation whose caller and provider speak the same dialect: bytes pass, few fields change.</summary>
internal interface IDirectOperation
{
    /// <summary>What to change in the caller's body so that this model of this provider understands it; what must be left out is named in <paramref name="dropped"/>.</summary>
    BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped);

    /// <summary>Reads a whole reply; false when it is not a reply of this protocol.</summary>
    bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts);

    /// <summary>Reads one event of a stream and says what becomes of it. The cut is relative to the data.</summary>
    /// <param name="eventData">The event's data.</param>
    /// <param name="facts">Updated by what it says.</param>
    /// <param name="hideUsage">Whether the gateway asked for usage that the caller did not ask for.</param>
    StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage);

    /// <summary>Reads its answers for whoever has to look at them; null = the protocol's translator reads them, or nobody can.</summary>
    IDirectAnswers? Answers => null;
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
