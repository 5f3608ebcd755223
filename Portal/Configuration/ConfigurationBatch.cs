using AspireGateway.Portal.Security;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Configuration;

/// <summary>
/// Runs commands as parts of one change: each with its own checks, rights and audit entries, all in the change's transaction, under its lock and its one revision. A command that is refused leaves
/// nothing, and the others go on; whether the change as a whole happens is its owner's to say.
/// </summary>
internal sealed class ConfigurationBatch(ConfigurationWrite write, Guid organisation)
{
    /// <summary>True: the database refused a statement, which ends the transaction. Nothing more can be tried.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Runs one command's body.</summary>
    public async Task<Result<T>> RunAsync<T>(Actor actor, Func<ConfigurationWrite, CancellationToken, Task<Result<T>>> change, CancellationToken cancellationToken)
    {
        // The lock that is held is this organisation's.
        if (actor.OrganisationId != organisation) return new Failure.Forbidden("This is not the organisation's own: it cannot be part of the change.");
        if (IsBroken) return new Failure.Conflict("It was not tried: the change was ended before.");
        var mark = write.Mark();
        try
        {
            var result = await change(write, cancellationToken);
            if (!result.Succeeded)
            {
                write.Forget(mark);
                return result;
            }
            await write.Context.SaveChangesAsync(cancellationToken);
            // What says twice the same was no change.
            if (write.Entries.Skip(mark.Entries).All(e => e.Before is not null && string.Equals(e.Before, e.After, StringComparison.Ordinal))) write.Forget(mark);
            return result;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException refusal && ConstraintConflicts.Explain(refusal) is { } conflict)
        {
            IsBroken = true;
            write.Forget(mark);
            return conflict;
        }
        finally
        {
            // Thousands of rows must not be compared again at each command.
            write.Context.ChangeTracker.Clear();
        }
    }
}
