using System.Text.Json.Nodes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles.Kinds;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>
/// Makes an organisation's configuration what is wanted, in one change: the commands of the pages run inside one transaction, with their checks, rights and audit entries, and then all of it happens
/// or nothing. A dry run does the very same and gives it up at the end, so that what it shows is what happens; see decision 0151.
/// </summary>
/// <remarks>
/// Steps: 1. under the organisation's lock, read what is there; 2. refuse when it is not what was compared; 3. find the acts that lead from there to what is wanted; 4. run them, those that are refused
/// again after the others (they may name what was not there yet), until nothing gets further; 5. read again: the difference is the answer; 6. note the import in the audit, or give it up.
/// </remarks>
internal sealed class ConfigurationChanger(ConfigurationWriter writer, FileKinds kinds)
{
    private const int MaxFaults = 100;

    /// <summary>Changes it, or says what would change.</summary>
    /// <param name="actor">Who changes it; each command asks for its own right.</param>
    /// <param name="wish">What is wanted, from what is there.</param>
    /// <param name="revision">The organisation's revision that the caller saw; null = any.</param>
    /// <param name="dryRun">True: nothing is changed.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    public Task<Result<ConfigurationImport>> RunAsync(
        Actor actor, Func<ConfigurationWrite, HouseState, CancellationToken, Task<Result<Wish>>> wish, long? revision, bool dryRun, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var organisation = actor.OrganisationId!.Value;
        return writer.WriteAsync<ConfigurationImport>(actor, async (write, token) =>
        {
            var state = await HouseReader.ReadAsync(write.Context, organisation, write.Now, token);
            if (state is null) return new Failure.NotFound("organization");
            var seen = await RevisionAsync(write.Context, organisation, token);
            if (revision is { } compared && compared != seen)
                return new Failure.Conflict($"The configuration was changed since it was compared (revision {seen}, not {compared}). Compare again and look at the differences.", "revision");
            var wanted = await wish(write, state, token);
            if (wanted.Failure is { } faulty) return faulty;

            var before = kinds.Of(state);
            var batch = new ConfigurationBatch(write, organisation);
            var import = new Import(actor with { Within = batch }, write, state);
            if (await RunAllAsync(Acts(import, before, wanted.Value), batch, progress, token) is { } refused) return refused;

            var after = kinds.Of((await HouseReader.ReadAsync(write.Context, organisation, write.Now, token))!);
            var changes = Difference.Of(before, after);
            var named = wanted.Value.Things.Select(t => t.Key).ToHashSet();
            var result = new ConfigurationImport
            {
                DryRun = dryRun, Revision = seen, Created = changes.Count(c => c.Outcome == "create"), Changed = changes.Count(c => c.Outcome == "change"),
                Ended = changes.Count(c => c.Outcome is not ("create" or "change")), Changes = changes,
                Unchanged = named.Count - changes.Count(c => c.Outcome is "create" or "change" && named.Contains((c.Section, c.Name))),
                Warnings = [.. wanted.Value.Things.SelectMany(t => Warnings(import, t))], Webhooks = dryRun ? [] : import.Secrets,
            };
            if (dryRun || write.IsEmpty) write.Discard();
            else
            {
                var note = new ConfigurationNote
                {
                    Name = wanted.Value.Name, RolledBackTo = wanted.Value.RolledBackTo, Pruned = wanted.Value.Prune, Created = result.Created, Changed = result.Changed, Ended = result.Ended,
                };
                write.Note(wanted.Value.Action, ConfigurationNote.Kind, organisation, organisation, note, DocumentJson.Default.ConfigurationNote);
                write.Title = $"{wanted.Value.Action}: {result.Created} created, {result.Changed} changed, {result.Ended} ended";
            }
            return result;
        }, cancellationToken);
    }

    /// <summary>The newest revision that changed the organisation; 0 = none did.</summary>
    public static async Task<long> RevisionAsync(GatewayDbContext context, Guid organisation, CancellationToken cancellationToken) =>
        await context.AuditEntries.Where(a => a.OrganisationId == organisation && !Machines.Names.Contains(a.Actor))
            .OrderByDescending(a => a.Revision).Select(a => (long?)a.Revision).FirstOrDefaultAsync(cancellationToken) ?? 0;

    private List<Act> Acts(Import import, IReadOnlyList<Thing> before, Wish wish)
    {
        var there = before.ToDictionary(t => t.Key);
        var acts = new List<Act>();
        var wantedOf = wish.Things.ToLookup(t => t.Kind);
        foreach (var kind in kinds.All)
        {
            List<Thing> ordered = [];
            foreach (var asked in wantedOf[kind])
            {
                var now = there.GetValueOrDefault(asked.Key);
                // An earlier state's id is that of a thing that may be gone.
                var wanted = asked with { Id = now?.Id };
                ordered.Add(wanted);
                if (now is null) acts.AddRange(kind.Create(import, wanted));
                else if (!kind.Same(now, wanted)) acts.AddRange(kind.Change(import, now, wanted));
            }
            acts.AddRange(kind.Finish(import, ordered));
        }
        if (!wish.Prune) return acts;
        var named = wish.Things.Select(t => t.Key).ToHashSet();
        foreach (var kind in kinds.All.Reverse().Where(k => wish.Sections.Contains(k.Section)))
            acts.AddRange(before.Where(t => t.Kind == kind && !named.Contains(t.Key)).SelectMany(t => kind.End(import, t)));
        return acts;
    }

    private static async Task<Failure?> RunAllAsync(List<Act> acts, ConfigurationBatch batch, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var (total, done) = (acts.Count, 0);
        while (acts.Count > 0)
        {
            var refused = new List<(Act Act, Failure Failure)>();
            foreach (var act in acts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await act.RunAsync(cancellationToken) is { } failure)
                {
                    if (failure is Failure.Forbidden) return failure;
                    refused.Add((act, failure));
                    if (batch.IsBroken) return Told([(act, failure)]);
                }
                else
                {
                    progress?.Report(new(++done, total));
                }
            }
            // Nothing got further: what is refused now stays so.
            if (refused.Count == acts.Count) return Told(refused);
            acts = refused.ConvertAll(r => r.Act);
        }
        return null;
    }

    // Of each thing what was refused first: the rest follows from it.
    private static Failure.Invalid Told(List<(Act Act, Failure Failure)> refused) => new(
    [
        .. refused.DistinctBy(r => r.Act.Thing.Key).Take(MaxFaults).SelectMany(r => r.Failure is Failure.Invalid invalid
            ? invalid.Faults.Select(f => new Fault($"{r.Act.Thing.Kind.Section}.{f.Field}", Sentence(r.Act.Thing, f.Message)))
            : [new Fault(r.Act.Thing.Kind.Section, Sentence(r.Act.Thing, r.Failure.Message))]),
    ]);

    private static string Sentence(Thing thing, string message) => $"{(thing.At is { } at ? $"{at}: " : "")}{thing.Kind.What} {(thing.Kind.IsSingle ? "" : $"{thing.Name}: ")}{message}".Replace("organization organization", "organization:", StringComparison.Ordinal);

    private static IEnumerable<string> Warnings(Import import, Thing thing) => thing.Kind is ProviderKind
        ? ProviderKind.Missing(import, thing).Select(name => $"Provider {thing.Name} has no credential {name}. Secrets are not in files: add it on the Models page.")
        : thing.Kind is CanaryKind && import.IdOf(thing) is null && thing.Entry["model"] is JsonValue && import.State.Canaries.Values.All(c => c.Model != thing.Name || c.EndedAt is not null)
            ? [$"The canary of model {thing.Name} has ended already and is not begun again."] : [];
}

/// <summary>What a change of the configuration is to lead to.</summary>
internal sealed record Wish
{
    /// <summary>The things that are wanted.</summary>
    public required IReadOnlyList<Thing> Things { get; init; }

    /// <summary>Whether others end.</summary>
    public required bool Prune { get; init; }

    /// <summary>In which sections.</summary>
    public required IReadOnlySet<string> Sections { get; init; }

    /// <summary>What the audit calls the change.</summary>
    public required string Action { get; init; }

    /// <summary>The file, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The revision that is gone back to; null = it is an import.</summary>
    public long? RolledBackTo { get; init; }
}
