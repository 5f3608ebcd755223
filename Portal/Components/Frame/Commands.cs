using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Components.Frame;

/// <summary>Runs queries and commands for the person who looks, so that a store that is away becomes a sentence and not the end of the circuit.</summary>
public sealed partial class Commands(CurrentActor viewer, ILogger<Commands> logger)
{
    /// <summary>Said where something could not be changed; whether it was is then not known.</summary>
    public const string NotAnswered = "The portal's database did not answer, so it is not certain that this was saved. Look at the list and try again in a moment.";

    /// <summary>Runs one with the actor as it is now: rights may have changed since the page was drawn.</summary>
    /// <typeparam name="T">What it gives back.</typeparam>
    public async Task<Result<T>> RunAsync<T>(Func<Actor, Task<Result<T>>> command, CancellationToken cancellationToken = default)
    {
        try
        {
            var actor = await viewer.GetAsync(cancellationToken: cancellationToken);
            return actor.Failure is { } unknown ? unknown : await command(actor.Value);
        }
        catch (Exception fault) when (fault.IsStoreAway())
        {
            Log.NotAnswered(logger, fault);
            return new Failure.Conflict(NotAnswered);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A command of a page could not reach the database.")]
        public static partial void NotAnswered(ILogger logger, Exception fault);
    }
}
