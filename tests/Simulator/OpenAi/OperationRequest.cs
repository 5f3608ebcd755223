using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>A request of an operation that answers in one piece.</summary>
internal sealed record OperationRequest(string Model, string Prompt, Func<Directives, string, DateTimeOffset, IAnswer> Compose) : ISimulatedRequest
{
    public bool Streams => false;

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => Compose(directives, id, now);
}
