using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Sends a request to a cheaper model.</summary>
internal static class Downgrade
{
    /// <summary>Plans anew for the cheaper model; false when the caller may not use it, it cannot serve, or the request is there already.</summary>
    public static bool TryTo(Exchange exchange, string? model, string reason)
    {
        // A provider's own API names its model in a path that is passed on as it is.
        if (model is null || exchange.Forwarding is not null || exchange.Plan!.Model.Name == model) return false;
        if (PlanRoute.Plan(exchange.Caller!, model, exchange.Request, exchange.ArrivedAt, out var plan) is not null) return false;
        exchange.Plan = plan! with { RequestedModel = exchange.Plan.RequestedModel, Reason = reason };
        return true;
    }
}
