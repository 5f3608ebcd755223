using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Authorizing;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>Where a request is passed on to.</summary>
/// <param name="Path">What the caller asked for.</param>
internal sealed record Forwarding(ForwardPath Path)
{
    /// <summary>The address at the provider.</summary>
    public Uri? Address { get; init; }

    /// <summary>The provider's protocol.</summary>
    public IProviderModule? Module { get; init; }

    /// <summary>How the gateway shows its right to call; null = the provider needs none.</summary>
    public IRequestAuthorization? Authorization { get; init; }

    /// <summary>Whether a model is asked to do work, which costs tokens.</summary>
    public bool IsInference { get; init; }
}
