using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>Whether a deployment can serve a request at all.</summary>
internal static class Fitness
{
    /// <summary>Why it cannot, as far as its settings say; null = it can, or nobody said that it cannot.</summary>
    public static string? Lack(RequestFacts? facts, DeploymentSnapshot deployment)
    {
        if (facts is null) return null;
        if (deployment.ContextTokens is { } context && RequestGuess.InputTokens(facts) > context) return "context_length";
        if (deployment.Abilities is not { } abilities) return null;
        if (facts.Tools > 0 && !abilities.HasFlag(ModelAbilities.Tools)) return "no_tools";
        if (facts.Unusual is not { } unusual) return null;
        if (unusual.Images > 0 && !abilities.HasFlag(ModelAbilities.Vision)) return "no_vision";
        return unusual.Recordings > 0 && !abilities.HasFlag(ModelAbilities.Audio) ? "no_audio" : null;
    }
}
