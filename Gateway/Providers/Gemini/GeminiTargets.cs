using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Addresses of a model's methods, made once for each deployment.</summary>
/// <param name="prefix">What stands before the model's name.</param>
/// <param name="embed">The method that embeds.</param>
internal sealed class GeminiTargets(string prefix, string embed)
{
    private readonly ConditionalWeakTable<DeploymentSnapshot, Targets> known = [];

    /// <summary>The address; null when the model's name cannot stand in one, or the API has no such method.</summary>
    public UpstreamTarget? Of(Operation operation, DeploymentSnapshot deployment, bool stream)
    {
        var targets = known.GetValue(deployment, Make);
        return operation.Kind switch
        {
            OperationKind.Chat => stream ? targets.Stream : targets.Whole,
            OperationKind.Embeddings => targets.Embed,
            _ => null,
        };
    }

    // A name with a slash, such as that of a tuned model, is another resource and not accepted.
    private Targets Make(DeploymentSnapshot deployment) =>
        PathSegment.TryOf(deployment.UpstreamModel, out var model)
            ? new(new($"{prefix}{model}:generateContent"), new($"{prefix}{model}:streamGenerateContent?alt=sse"), new($"{prefix}{model}:{embed}"))
            : new(null, null, null);

    private sealed record Targets(UpstreamTarget? Whole, UpstreamTarget? Stream, UpstreamTarget? Embed);
}
