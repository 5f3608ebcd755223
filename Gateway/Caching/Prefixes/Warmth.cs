using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>Who holds a beginning warm.</summary>
/// <param name="DeploymentId">The deployment that it was sent to last.</param>
/// <param name="CredentialId">The credential that it was sent with; empty = none, or the only one.</param>
/// <param name="AtMs">When, in milliseconds since 1970.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Warmth(Guid DeploymentId, Guid CredentialId, long AtMs);
