using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Contracts;

/// <summary>What happened to one request, without any of its content. Written by the gateway beside the usage record, read by the portal.</summary>
public sealed record JourneyDocument
{
    /// <summary>Version of this shape; readers ignore fields they do not know.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The gateway that served, by its instance name.</summary>
    public string? Gateway { get; init; }

    /// <summary>Configuration revision that the request ran under.</summary>
    public long Revision { get; init; }

    /// <summary>The model name in the request, before resolution; null = none was named.</summary>
    public string? RequestedModel { get; init; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the reply's body as the caller got it.</summary>
    public long ReplyBytes { get; init; }

    /// <summary>Why the route was chosen, in a word or two.</summary>
    public string? RouteReason { get; init; }

    /// <summary>Deployments that were considered, in order.</summary>
    public IReadOnlyList<JourneyCandidate> Candidates { get; init; } = [];

    /// <summary>Calls to providers, in order.</summary>
    public IReadOnlyList<JourneyAttempt> Attempts { get; init; } = [];

    /// <summary>Steps with when they ended, in microseconds since arrival, in order.</summary>
    public IReadOnlyList<JourneyStep> Steps { get; init; } = [];
}

/// <summary>A deployment that was considered.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Provider">Its provider's slug.</param>
/// <param name="Dropped">Why it was not tried; null = it was kept.</param>
public sealed record JourneyCandidate(string Deployment, string Provider, string? Dropped = null);

/// <summary>A call to a provider.</summary>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="StartUs">When it started, in microseconds since the request's arrival.</param>
/// <param name="FirstByteUs">When the first byte of the reply came; null = none came.</param>
/// <param name="EndUs">When it ended.</param>
/// <param name="Status">The provider's HTTP status; null = no answer.</param>
/// <param name="Outcome"><c>ok</c>, or the reason of its failure.</param>
public sealed record JourneyAttempt(string Deployment, long StartUs, long? FirstByteUs, long EndUs, int? Status, string Outcome);

/// <summary>A step of the journey.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="EndUs">When it ended, in microseconds since the request's arrival.</param>
public sealed record JourneyStep(string Name, long EndUs);

/// <summary>JSON of the documents that gateway and portal exchange.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JourneyDocument))]
public sealed partial class ContractsJson : JsonSerializerContext;
