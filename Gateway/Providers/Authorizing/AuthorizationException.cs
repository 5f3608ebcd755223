namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>A credential could not be turned into an authorised request, e.g. because a token endpoint refused. The message holds no secret.</summary>
internal sealed class AuthorizationException(string message) : Exception(message);
