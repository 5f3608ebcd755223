using AspireGateway.Gateway.Pipeline;
using Microsoft.AspNetCore.Http.Features;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>Which path of which provider do they ask for? Before the body is read, so that a bad path costs nothing.</summary>
internal sealed class ReadAddress : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var target = exchange.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (ForwardPath.Read(target, out var path) is { } refusal) return Decision.Refuse(refusal);
        exchange.Forwarding = new Forwarding(path!);
        return Decision.Continue;
    }
}
