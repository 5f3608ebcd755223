namespace AspireGateway.AppHost.AspireHost;

/// <summary>A setting of the portal's sign-in that is a parameter of the Aspire host.</summary>
/// <param name="Variable">The environment variable that the portal reads, e.g. <c>Portal__Oidc__ClientId</c>.</param>
/// <param name="Name">The parameter, e.g. <c>portal-oidc-client-id</c>.</param>
/// <param name="Key">The key of the host's configuration that holds it; null = the deployment is asked for it.</param>
/// <param name="IsSecret">Whether it must not be shown.</param>
/// <param name="Description">What it is, for who is asked.</param>
internal sealed record SignInSetting(string Variable, string Name, string? Key, bool IsSecret, string Description);
