using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>The journal's state at one moment, for the threads that look after it.</summary>
/// <param name="Mapped">Mapped segments that entries were or are written to.</param>
/// <param name="Current">The one that is written to.</param>
/// <param name="Next">The prepared one that comes next.</param>
/// <param name="SpareCount">Prepared segments.</param>
/// <param name="OpenCount">Running requests.</param>
/// <param name="SlotsPerSegment">Guaranteed closings that fit a segment.</param>
/// <param name="FreeSlots">Slots beyond those kept for running requests.</param>
/// <param name="AppendedBytes">Bytes written since the start.</param>
/// <param name="RefusedCount">Entries refused since the start.</param>
/// <param name="BytesOnDisk">Bytes of all segments.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JournalView(
    JournalSegment[] Mapped, JournalSegment? Current, JournalSegment? Next, int SpareCount, int OpenCount, int SlotsPerSegment, long FreeSlots,
    long AppendedBytes, long RefusedCount, long BytesOnDisk);
