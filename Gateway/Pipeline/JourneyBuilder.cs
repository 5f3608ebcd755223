namespace AspireGateway.Gateway.Pipeline;

/// <summary>Composes a journey, so that Program.cs reads as its table of contents.</summary>
internal sealed class JourneyBuilder(IServiceProvider services)
{
    private readonly List<IDecide> decides = [];
    private readonly List<ISettle> settles = [];
    private IReply? reply;

    /// <summary>Adds a step that may end the journey.</summary>
    public JourneyBuilder Decide<TStep>()
        where TStep : class, IDecide
    {
        decides.Add(ActivatorUtilities.GetServiceOrCreateInstance<TStep>(services));
        return this;
    }

    /// <summary>Sets the step that writes the reply.</summary>
    public JourneyBuilder Reply<TStep>()
        where TStep : class, IReply
    {
        reply = ActivatorUtilities.GetServiceOrCreateInstance<TStep>(services);
        return this;
    }

    /// <summary>Adds a step that runs after the reply, always.</summary>
    public JourneyBuilder Settle<TStep>()
        where TStep : class, ISettle
    {
        settles.Add(ActivatorUtilities.GetServiceOrCreateInstance<TStep>(services));
        return this;
    }

    /// <summary>The finished journey.</summary>
    /// <exception cref="InvalidOperationException">There is no reply step.</exception>
    public Journey Build() =>
        new(
            [.. decides], [.. decides.Select(step => NameOf(step.GetType()))],
            reply ?? throw new InvalidOperationException("A journey needs one reply step."),
            [.. settles], services.GetRequiredService<ILogger<Journey>>());

    /// <summary>IdentifyCaller -> identify_caller.</summary>
    private static string NameOf(Type step) =>
        string.Concat(step.Name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
