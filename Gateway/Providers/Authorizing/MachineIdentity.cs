namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>
/// Whether credentials may stand for the machine that the gateway runs on. Off unless the operator says so: whoever may enter a credential for one
/// organisation would otherwise act with the rights of the gateway itself.
/// </summary>
internal static class MachineIdentity
{
    /// <summary>From <c>Gateway__MachineIdentity</c>, read once.</summary>
    public static bool IsAllowed { get; } =
        string.Equals(Environment.GetEnvironmentVariable("Gateway__MachineIdentity"), "true", StringComparison.OrdinalIgnoreCase);
}
