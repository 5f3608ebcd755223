using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>A kind of thing in a configuration file: how it is written, what tells one from another, and which commands make, change and end it.</summary>
internal abstract class FileKind
{
    /// <summary>Its section of the file, as the noun of the API.</summary>
    public abstract string Section { get; }

    /// <summary>What people call one.</summary>
    public abstract string What { get; }

    /// <summary>The form of an entry.</summary>
    public abstract JsonTypeInfo Shape { get; }

    /// <summary>Fields that tell one from another.</summary>
    public abstract IReadOnlyList<string> Identity { get; }

    /// <summary>What ending one is called: <c>delete</c>, <c>archive</c>, <c>abort</c>.</summary>
    public virtual string Ending => "delete";

    /// <summary>Whether there is exactly one, so that the section is the entry itself.</summary>
    public virtual bool IsSingle => false;

    /// <summary>Whether the order of the entries says something.</summary>
    public virtual bool IsOrdered => false;

    /// <summary>The things of a state, in the order of a file.</summary>
    public IReadOnlyList<Thing> Of(HouseState state)
    {
        var things = Entries(state).Select(e => new Thing(this, NameOf(e.Entry) ?? What, Pruned(e.Entry)) { Id = e.Id });
        return IsOrdered ? [.. things] : [.. things.OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>What tells an entry from the others; null = a field of it is missing.</summary>
    public string? NameOf(JsonObject entry)
    {
        if (IsSingle) return What;
        var parts = Identity.Select(field => entry[field]?.ToString().Trim()).ToList();
        // The first one says what it is; what is missing behind it has a meaning of its own, as the default of a scope.
        return string.IsNullOrEmpty(parts[0]) ? null : string.Join(" ", parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    /// <summary>The acts that make one.</summary>
    public abstract IEnumerable<Act> Create(Import import, Thing wanted);

    /// <summary>The acts that make one as it is wanted.</summary>
    public abstract IEnumerable<Act> Change(Import import, Thing now, Thing wanted);

    /// <summary>The acts that end one; none = it cannot be ended by a file.</summary>
    public abstract IEnumerable<Act> End(Import import, Thing now);

    /// <summary>Acts after all others of the kind; none as a rule.</summary>
    public virtual IEnumerable<Act> Finish(Import import, IReadOnlyList<Thing> wanted) => [];

    /// <summary>Whether it needs no change, for all that a file may leave out or say otherwise.</summary>
    public virtual bool Same(Thing now, Thing wanted) => JsonNode.DeepEquals(now.Entry, wanted.Entry);

    protected abstract IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state);

    /// <summary>A list, or nothing when it is empty.</summary>
    protected static JsonArray? List(IEnumerable<string> values) => values.Select(v => (JsonNode?)v).ToArray() is { Length: > 0 } items ? new JsonArray(items) : null;

    /// <summary>Settings as JSON, or nothing when none is set.</summary>
    protected static JsonNode? Node<T>(T? value, JsonTypeInfo<T> shape)
        where T : class => value is null ? null : JsonSerializer.SerializeToNode(value, shape);

    /// <summary>An entry as a request of the API.</summary>
    protected static T Request<T>(JsonObject entry, JsonTypeInfo<T> shape, params IReadOnlyList<string> without)
        where T : class
    {
        var fields = new JsonObject(entry.Where(f => !without.Contains(f.Key, StringComparer.Ordinal)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        return fields.Deserialize(shape) ?? throw new InvalidOperationException("An entry is an object.");
    }

    private static JsonObject Pruned(JsonObject entry)
    {
        foreach (var name in entry.Where(f => f.Value is null).Select(f => f.Key).ToList()) entry.Remove(name);
        return entry;
    }
}

/// <summary>One command of an import.</summary>
/// <param name="Thing">What it is about.</param>
/// <param name="RunAsync">Runs it; null = it was done. It may be tried again when others have been done.</param>
internal sealed record Act(Thing Thing, Func<CancellationToken, Task<Failure?>> RunAsync);
