using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>Puts a model's deployments into the order in which they are tried.</summary>
internal interface IStrategy
{
    /// <summary>Its name; of <see cref="Shared.Domain.RoutingStrategies"/>.</summary>
    string Name { get; }

    /// <summary>Orders candidates, which stand by position, and may drop some with a reason.</summary>
    /// <param name="model">The model.</param>
    /// <param name="facts">What is asked; null = only the name is known.</param>
    /// <param name="candidates">All of the model's deployments.</param>
    void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates);
}
