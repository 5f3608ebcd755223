using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Scopes;

/// <summary>Sets and takes away policies of a table that holds one a scope; each policy's command brings its checks and its right.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <typeparam name="TDetails">What commands and the audit show of it.</typeparam>
/// <param name="writer">Changes configuration.</param>
/// <param name="kind">Of <see cref="ConfigurationKinds"/>; actions are called after it.</param>
/// <param name="noun">What one is called where there is none.</param>
/// <param name="details">Shows a row.</param>
/// <param name="json">Writes what is shown.</param>
internal sealed class PolicyRows<TRow, TDetails>(ConfigurationWriter writer, string kind, string noun, Func<TRow, TDetails> details, JsonTypeInfo<TDetails> json)
    where TRow : class, IScopedPolicy
    where TDetails : class
{
    /// <summary>Sets a scope's policy, or replaces what was set on it.</summary>
    /// <param name="actor">Who sets it; may do so.</param>
    /// <param name="scope">The scope as <see cref="ReadScope"/> read it.</param>
    /// <param name="make">Makes a row: its id, the organisation, and the scope as it was found.</param>
    /// <param name="apply">Gives a row what was asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Result<TDetails>> SetAsync(Actor actor, (string Kind, string? Id) scope, Func<Guid, ScopeTarget, TRow> make, Action<TRow> apply, CancellationToken cancellationToken) =>
        writer.WriteAsync<TDetails>(actor, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, scope.Kind, scope.Id, token);
            if (found.Failure is { } unknown) return unknown;
            var (organisation, id, rows) = (actor.OrganisationId!.Value, found.Value.Id, write.Context.Set<TRow>());
            var row = await rows.FirstOrDefaultAsync(p => p.OrganisationId == organisation && p.ScopeKind == scope.Kind && p.ScopeId == id, token);
            var before = row is null ? null : details(row);
            if (row is null) rows.Add(row = make(write.NewId(), found.Value));
            apply(row);
            (row.CreatedAt, row.CreatedBy) = (write.Now, actor.Name);
            var after = details(row);
            write.Record(before is null ? $"{kind}.create" : $"{kind}.update", kind, row.Id, organisation, before, after, json);
            return after;
        }, cancellationToken);

    /// <summary>Takes a policy away.</summary>
    public Task<Result<Done>> DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken) => writer.WriteAsync<Done>(actor, async (write, token) =>
    {
        var organisation = actor.OrganisationId!.Value;
        var row = await write.Context.Set<TRow>().FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
        if (row is null) return new Failure.NotFound(noun);
        write.Context.Remove(row);
        write.Record($"{kind}.delete", kind, id, organisation, details(row), null, json);
        return new Done();
    }, cancellationToken);

    /// <summary>Reads the scope of a request: the organisation's own has no id, any other needs one.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="scopeKind">The kind as sent.</param>
    /// <param name="scopeId">The id or name as sent.</param>
    /// <param name="kinds">Kinds that are possible.</param>
    /// <param name="others">The others of them, in words: "teams and keys".</param>
    public static (string Kind, string? Id) ReadScope(FieldChecks checks, string? scopeKind, string? scopeId, IReadOnlyList<string> kinds, string others)
    {
        var word = checks.Choice("scope_kind", scopeKind, kinds);
        if (word != ScopeKinds.Organisation) return (word, checks.Text("scope_id", scopeId, 200));
        checks.Must(string.IsNullOrWhiteSpace(scopeId), "scope_id", $"scope_id is for {others}: there is one organisation.");
        return (word, null);
    }
}
