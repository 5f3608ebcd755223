using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Configuration;

/// <summary>A recorded change that a command takes back: what stood before goes through the same checks as an edit.</summary>
public sealed record UndoneChange
{
    private const string IdField = "id";

    // A document names its thing by one of these; two kinds of document of one thing are two sides of it that change apart.
    private static readonly string[] s_identities = [IdField, "model_id", "deployment_id"];

    // What the house sets itself, each time anew.
    private static readonly string[] s_ofTheHouse = [IdField, "created_at", "created_by", "archived_at"];

    /// <summary>Its audit entry.</summary>
    public required Guid Id { get; init; }

    /// <summary>What was done, e.g. <c>pin.update</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The thing changed.</summary>
    public required Guid TargetId { get; init; }

    /// <summary>The revision it made.</summary>
    public required long Revision { get; init; }

    /// <summary>The thing before; null = it was made.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The thing after; null = it went.</summary>
    public JsonElement? After { get; init; }

    /// <summary>What stood before (of a thing that was made: what was made) as a command's request: the fields that both have.</summary>
    /// <typeparam name="T">The request.</typeparam>
    /// <param name="json">How the request is read.</param>
    /// <param name="within">The field of the document that holds the values; null = the document itself.</param>
    /// <param name="renamed">Fields that the request calls otherwise; null = those it must not name.</param>
    /// <exception cref="JsonException">The document has another form than things have today.</exception>
    public T Request<T>(JsonTypeInfo<T> json, string? within = null, params (string Document, string? Request)[] renamed)
        where T : class
    {
        var document = Before ?? After ?? throw new JsonException();
        if (within is not null && !document.TryGetProperty(within, out document)) throw new JsonException();
        var known = json.Properties.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var request = new JsonObject();
        foreach (var field in document.EnumerateObject())
        {
            var other = Array.FindIndex(renamed, r => string.Equals(r.Document, field.Name, StringComparison.Ordinal));
            var name = other < 0 ? field.Name : renamed[other].Request;
            if (name is not null && known.Contains(name)) request[name] = JsonNode.Parse(field.Value.GetRawText());
        }
        return request.Deserialize(json) ?? throw new JsonException();
    }

    /// <summary>A text of the document that the undo goes back to.</summary>
    public string? Text(string field) =>
        (Before ?? After) is { } document && document.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Null while the thing is as the change left it; otherwise what came after, or what went along with it. Under the organisation's lock.</summary>
    internal async Task<Failure?> RefuseAsync(GatewayDbContext context, CancellationToken cancellationToken)
    {
        var (own, identity) = (TargetId.ToString(), Identity);
        var later = await FirstAsync(context, $"""
            select a.id as "Value" from audit_entries a
            where a.undoes = {Id} or (a.target_id = {TargetId} and a.revision > {Revision} and coalesce(a.after, a.before) ->> {identity} = {own})
            order by a.revision desc, a.id desc limit 1
            """, cancellationToken);
        if (later is not null)
        {
            var what = later.Undoes == Id ? "This was undone already" : $"It was changed since: {(later.Undoes is null ? later.Action : $"undo of an earlier change ({later.Action})")}";
            return new Failure.Conflict($"{what}, by {later.Actor} on {later.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. {(later.Undoes == Id ? "Undo that entry to do it again." : "Undo that change first, or edit it by hand.")}");
        }
        if (After is not null || identity != IdField) return null;
        // What a thing had beside its document went with it: half of it must not come back as if it were all.
        var beside = await FirstAsync(context, $"""
            select a.id as "Value" from audit_entries a
            where a.target_id = {TargetId} and a.revision <= {Revision} and a.actor <> all({Machines.Names}) and coalesce(a.after, a.before) ->> 'id' is distinct from {own}
            order by a.revision desc, a.id desc limit 1
            """, cancellationToken);
        return beside is null ? null : new Failure.Conflict($"More went with it than this entry holds ({beside.Action}). Make it again by hand.");
    }

    /// <summary>Null when what a command wrote is what stood before; otherwise which fields would differ.</summary>
    internal Failure? Compare(IReadOnlyList<AuditEntry> written)
    {
        if (written.Count == 0) return new Failure.Conflict("There is nothing to undo: it is as it was before this change.");
        if (Before is not { } old || written[0].After is not { } text) return null;
        using var now = JsonDocument.Parse(text);
        string[] differing =
        [
            .. old.EnumerateObject().Select(f => f.Name).Union(now.RootElement.EnumerateObject().Select(f => f.Name), StringComparer.Ordinal)
                .Where(name => !s_ofTheHouse.Contains(name, StringComparer.Ordinal) && !Same(old, now.RootElement, name)),
        ];
        return differing.Length == 0 ? null : new Failure.Conflict($"It cannot be put back exactly: {string.Join(", ", differing)} would differ. Edit it by hand.");
    }

    private string Identity => (After ?? Before) is { ValueKind: JsonValueKind.Object } document
        && Array.Find(s_identities, f => document.TryGetProperty(f, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) && id == TargetId) is { } found ? found : IdField;

    private static async Task<AuditEntry?> FirstAsync(GatewayDbContext context, FormattableString sql, CancellationToken cancellationToken)
    {
        var ids = await context.Database.SqlQuery<Guid>(sql).ToListAsync(cancellationToken);
        if (ids is not [var id]) return null;
        return await context.AuditEntries.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken);
    }

    // A field that is missing and one that is null say the same.
    private static bool Same(JsonElement one, JsonElement other, string name)
    {
        var (has, hasOther) = (one.TryGetProperty(name, out var a) && a.ValueKind != JsonValueKind.Null, other.TryGetProperty(name, out var b) && b.ValueKind != JsonValueKind.Null);
        return has == hasOther && (!has || JsonElement.DeepEquals(a, b));
    }
}
