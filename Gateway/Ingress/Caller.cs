using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Who asks.</summary>
/// <param name="Key">The virtual key.</param>
/// <param name="Team">Its team.</param>
/// <param name="Organisation">Who pays.</param>
internal sealed record Caller(VirtualKeySnapshot Key, TeamSnapshot Team, OrganisationSnapshot Organisation);
