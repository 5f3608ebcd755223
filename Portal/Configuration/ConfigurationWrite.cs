using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Configuration;

/// <summary>One change under way: the rows to change and what the audit will say of it.</summary>
public sealed class ConfigurationWrite
{
    private readonly Actor actor;
    private readonly Guid witness;
    private readonly List<AuditEntry> entries = [];
    private readonly List<(string Kind, Guid Id, Guid Organisation)> touched = [];

    private int ids;

    internal ConfigurationWrite(GatewayDbContext context, Actor actor, DateTimeOffset now, Guid witness)
    {
        Context = context;
        Now = now;
        this.actor = actor;
        this.witness = witness;
    }

    /// <summary>The rows; inside the transaction.</summary>
    public GatewayDbContext Context { get; }

    /// <summary>The moment of the change, UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>True while nothing was recorded: then nothing is written and no revision is made.</summary>
    internal bool IsEmpty => entries.Count == 0;

    /// <summary>What was recorded, in order.</summary>
    internal IReadOnlyList<AuditEntry> Entries => entries;

    /// <summary>The actions, for the log.</summary>
    internal string Summary => Title ?? (actor.Undoes is { } undone ? $"undo of {undone.Action}" : entries.Count == 1 ? entries[0].Action : $"{entries[0].Action} and {entries.Count - 1} more");

    /// <summary>What the log calls it; null = after its actions.</summary>
    internal string? Title { get; set; }

    /// <summary>A new id; those of one change sort in the order in which they were made.</summary>
    public Guid NewId() => Guid.CreateVersion7(Now.AddMilliseconds(ids++));

    /// <summary>Records that a thing was changed. Every change of a row needs one; the documents hold no secret, hash or envelope.</summary>
    /// <typeparam name="T">The thing's document.</typeparam>
    /// <param name="action">What was done, e.g. <c>team.create</c>.</param>
    /// <param name="kind">Kind of the thing; of <see cref="ConfigurationKinds"/>.</param>
    /// <param name="id">The thing.</param>
    /// <param name="organisationId">The organisation it belongs to.</param>
    /// <param name="before">The thing before; null = it is new.</param>
    /// <param name="after">The thing after; null = it is gone.</param>
    /// <param name="json">How the document is written.</param>
    public void Record<T>(string action, string kind, Guid id, Guid organisationId, T? before, T? after, JsonTypeInfo<T> json)
        where T : class
    {
        entries.Add(new AuditEntry
        {
            Id = entries.Count == 0 ? witness : NewId(),
            At = Now,
            OrganisationId = organisationId,
            Actor = actor.Token is { } token ? $"{actor.Name} (token {token.Name})" : actor.Name,
            Action = action,
            TargetKind = kind,
            TargetId = id,
            Before = before is null ? null : JsonSerializer.Serialize(before, json),
            After = after is null ? null : JsonSerializer.Serialize(after, json),
            RemoteAddress = actor.RemoteAddress,
            Undoes = actor.Undoes?.Id,
        });
        Touch(kind, id, organisationId);
    }

    /// <summary>Tells gateways to load a thing again that changed along with another one.</summary>
    public void Touch(string kind, Guid id, Guid organisationId) => touched.Add((kind, id, organisationId));

    /// <summary>Records what is no thing of its own, as an import: in the audit only, gateways are not told.</summary>
    /// <inheritdoc cref="Record" />
    internal void Note<T>(string action, string kind, Guid id, Guid organisationId, T after, JsonTypeInfo<T> json, T? before = null)
        where T : class
    {
        var told = touched.Count;
        Record(action, kind, id, organisationId, before, after, json);
        touched.RemoveRange(told, touched.Count - told);
    }

    /// <summary>Forgets everything that was recorded: the transaction is then given up.</summary>
    internal void Discard() => Forget((0, 0));

    /// <summary>Where the record stands.</summary>
    internal (int Entries, int Touched) Mark() => (entries.Count, touched.Count);

    /// <summary>Forgets what was recorded since.</summary>
    internal void Forget((int Entries, int Touched) mark)
    {
        entries.RemoveRange(mark.Entries, entries.Count - mark.Entries);
        touched.RemoveRange(mark.Touched, touched.Count - mark.Touched);
    }

    internal void AddTrail(long revision)
    {
        foreach (var entry in entries) entry.Revision = revision;
        Context.AuditEntries.AddRange(entries);
        Context.ConfigurationChanges.AddRange(touched.Distinct().Select(t => new ConfigurationChange
        {
            Revision = revision,
            Kind = t.Kind,
            EntityId = t.Id,
            OrganisationId = t.Organisation,
            At = Now,
        }));
    }
}
