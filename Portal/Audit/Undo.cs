using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Audit;

/// <summary>How one kind of change is taken back: by which command, with what.</summary>
public abstract class Undo
{
    /// <summary>The action it takes back, e.g. <c>pin.update</c>.</summary>
    public abstract string Action { get; }

    /// <summary>Runs the command; its checks and rights are those of an edit.</summary>
    public abstract Task<Failure?> RunAsync(Actor actor, UndoneChange change, CancellationToken cancellationToken);
}

/// <summary>Registration of what can be taken back; a feature names its own.</summary>
public static class UndoRegistration
{
    /// <summary>Adds how an action is taken back.</summary>
    /// <typeparam name="TCommand">The command that does it.</typeparam>
    /// <typeparam name="TResult">What the command answers.</typeparam>
    public static IServiceCollection AddUndo<TCommand, TResult>(
        this IServiceCollection services, string action, Func<TCommand, Actor, UndoneChange, CancellationToken, Task<Result<TResult>>> run)
        where TCommand : notnull =>
        services.AddSingleton<Undo>(provider => new ByCommand<TCommand, TResult>(action, provider.GetRequiredService<TCommand>(), run));

    private sealed class ByCommand<TCommand, TResult>(string action, TCommand command, Func<TCommand, Actor, UndoneChange, CancellationToken, Task<Result<TResult>>> run) : Undo
    {
        public override string Action => action;

        public override async Task<Failure?> RunAsync(Actor actor, UndoneChange change, CancellationToken cancellationToken) =>
            (await run(command, actor with { Undoes = change }, change, cancellationToken)).Failure;
    }
}
