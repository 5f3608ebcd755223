using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using Microsoft.AspNetCore.Http.Features;

namespace AspireGateway.Gateway.Content;

/// <summary>
/// Are its texts to be kept? Where no policy says so it does nothing and costs nothing. Before guardrails look, so that a policy that wants texts as they were sent gets them; a request whose texts must be kept
/// and cannot ends here, before anybody outside has seen it.
/// </summary>
internal sealed class OpenContent(ContentRoom room, ContentQueue queue, ContentMetrics metrics) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var policies = caller.Organisation.Content;
        return policies.IsEmpty || policies.For(caller.Team.IdText) is not { } terms || !terms.Takes(exchange.Id) ? Decision.Continue : Open(exchange, terms);
    }

    private Decision Open(Exchange exchange, ContentTerms terms)
    {
        if (terms.Required && (queue.IsAway || !room.MayBegin)) return Refuse();
        var capture = new ContentCapture(terms, room);
        if (terms is { Prompts: true, Masked: false }) capture.Prompt.Append(exchange.Request!.Body.Span);
        if (capture.IsLost && terms.Required)
        {
            capture.Dispose();
            return Refuse();
        }
        // A vector or a count says nothing that anybody would read.
        if (terms.Replies && exchange.Operation.Kind is not (OperationKind.Embeddings or OperationKind.CountTokens))
        {
            var features = exchange.Http.Features;
            capture.Copying = new CapturedReply(features.GetRequiredFeature<IHttpResponseBodyFeature>(), capture.Reply);
            features.Set<IHttpResponseBodyFeature>(capture.Copying);
        }
        exchange.Content = capture;
        return Decision.Continue;
    }

    private Refusal Refuse()
    {
        metrics.Refused.Add(1);
        return Refusal.StoreUnavailable("Your organisation requires that the texts of this request are kept, and they cannot be now. Nothing was sent to a provider; try again shortly.");
    }
}
