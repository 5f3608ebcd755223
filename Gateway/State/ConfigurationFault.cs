namespace AspireGateway.Gateway.State;

/// <summary>Something in the configuration that cannot serve. It concerns one thing of one organisation and harms no other.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Kind">One of <see cref="Shared.Domain.ConfigurationKinds"/>.</param>
/// <param name="EntityId">Which thing.</param>
/// <param name="Reason">What is wrong with it, without its values: an address may hold a secret.</param>
/// <param name="KeptPrevious">True: its last good version stays in force. False: it is left out.</param>
internal sealed record ConfigurationFault(Guid OrganisationId, string Kind, Guid EntityId, string Reason, bool KeptPrevious);
