using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>A change of a deployment's circuit.</summary>
/// <param name="Organisation">Whose deployment it is.</param>
/// <param name="Deployment">Which.</param>
/// <param name="Change">What it went into.</param>
/// <param name="AtMs">When, in milliseconds since 1970.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CircuitNote(Guid Organisation, Guid Deployment, CircuitChange Change, long AtMs);
