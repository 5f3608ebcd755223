using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Configuration;

/// <summary>
/// The only way to change configuration. A change, its audit entries, the rows that tell gateways what changed and the new revision are one
/// transaction: all of it happens or nothing does.
/// </summary>
/// <remarks>
/// Steps: 1. take the organisation's lock, so that what a command read is still true when it writes (names across two tables, before and after
/// in the audit); 2. run the command, where it takes a change back between the two checks of <see cref="UndoneChange"/>; 3. write its rows; 4. bump the revision, which locks every other organisation's writer out and is therefore
/// last; 5. write audit and changes under that revision; 6. commit.
/// </remarks>
public sealed partial class ConfigurationWriter(
    IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock, ILogger<ConfigurationWriter> logger)
{
    /// <summary>Runs a command's changes in the organisation that the actor acts in.</summary>
    /// <typeparam name="T">What the command gives back.</typeparam>
    /// <param name="actor">Who changes it.</param>
    /// <param name="change">The command's body; may run again after a lost connection, so it keeps no state outside.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    public async Task<Result<T>> WriteAsync<T>(
        Actor actor, Func<ConfigurationWrite, CancellationToken, Task<Result<T>>> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(change);
        if (actor.Within is { } batch) return await batch.RunAsync(actor, change, cancellationToken);
        await using var strategySource = await contexts.CreateDbContextAsync(cancellationToken);
        // The first audit entry's id is fixed before the first try: after a commit whose answer was lost, it tells whether the commit happened.
        var witness = Guid.CreateVersion7(clock.GetUtcNow());
        var outcome = default(Result<T>);
        try
        {
            return await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
                state: witness,
                operation: async (_, id, token) => outcome = await TryAsync(actor, id, change, token),
                verifySucceeded: async (_, id, token) => new(await IsWrittenAsync(id, token), outcome),
                cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException refusal && ConstraintConflicts.Explain(refusal) is { } conflict)
        {
            Log.Conflicted(logger, refusal.ConstraintName ?? "unknown", actor.Name);
            return conflict;
        }
    }

    private async Task<Result<T>> TryAsync<T>(
        Actor actor, Guid witness, Func<ConfigurationWrite, CancellationToken, Task<Result<T>>> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // A failure ends the whole change: there is nothing to go back to in the middle.
        context.Database.AutoSavepointsEnabled = false;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var lockName = $"configuration:{actor.OrganisationId}";
        await context.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({lockName}, 0))", cancellationToken);

        var write = new ConfigurationWrite(context, actor, Now(), witness);
        // Under the lock: what was not changed since cannot be changed before this is written.
        if (actor.Undoes is { } undone && await undone.RefuseAsync(context, cancellationToken) is { } changed) return changed;
        var result = await change(write, cancellationToken);
        if (!result.Succeeded) return result;
        if (actor.Undoes?.Compare(write.Entries) is { } differs) return differs;
        if (write.IsEmpty) return result;

        await context.SaveChangesAsync(cancellationToken);
        var revision = (await context.Database
            .SqlQuery<long>($"update configuration_state set revision = revision + 1 returning revision as \"Value\"")
            .ToListAsync(cancellationToken))[0];
        write.AddTrail(revision);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Changed(logger, revision, write.Summary, actor.Name);
        return result;
    }

    // In the database's precision, so that an answer shows what is read back later.
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private async Task<bool> IsWrittenAsync(Guid witness, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.AuditEntries.AnyAsync(a => a.Id == witness, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Revision {Revision}: {Summary}, by {Actor}")]
        public static partial void Changed(ILogger logger, long revision, string summary, string actor);

        [LoggerMessage(2, LogLevel.Information, "A change by {Actor} was refused by constraint {Constraint}")]
        public static partial void Conflicted(ILogger logger, string constraint, string actor);
    }
}
