using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>What differs between two configurations, thing by thing and field by field.</summary>
internal static class Difference
{
    /// <summary>The differences, in the order of a file.</summary>
    public static IReadOnlyList<ThingChange> Of(IReadOnlyList<Thing> before, IReadOnlyList<Thing> after)
    {
        var (old, now) = (before.ToDictionary(t => t.Key), after.ToDictionary(t => t.Key));
        var changes = new List<ThingChange>();
        foreach (var thing in after)
        {
            var was = old.GetValueOrDefault(thing.Key);
            List<FieldChange> fields = [.. Fields(was?.Entry, thing.Entry)];
            if (was is not null && thing.Kind.IsOrdered && Place(before, thing) is var from && Place(after, thing) is var to && from != to)
                fields.Insert(0, new("order", $"number {from}", $"number {to}"));
            if (fields.Count > 0) changes.Add(Change(thing, was is null ? "create" : "change", fields));
        }
        changes.AddRange(before.Where(t => !now.ContainsKey(t.Key)).Select(t => Change(t, t.Kind.Ending, [])));
        return changes;
    }

    private static ThingChange Change(Thing thing, string outcome, IReadOnlyList<FieldChange> fields) =>
        new() { Section = thing.Kind.Section, What = thing.Kind.What, Name = thing.Name, Outcome = outcome, Fields = fields };

    private static int Place(IReadOnlyList<Thing> things, Thing thing) => things.Where(t => t.Kind == thing.Kind).TakeWhile(t => t.Key != thing.Key).Count() + 1;

    private static IEnumerable<FieldChange> Fields(JsonObject? before, JsonObject after, string path = "")
    {
        foreach (var name in after.Select(f => f.Key).Union(before?.Select(f => f.Key) ?? [], StringComparer.Ordinal))
        {
            var (was, now) = (before?[name], after[name]);
            if (JsonNode.DeepEquals(was, now)) continue;
            if (was is JsonObject oldFields && now is JsonObject newFields)
            {
                foreach (var inner in Fields(oldFields, newFields, $"{path}{name}.")) yield return inner;
            }
            else
            {
                yield return new($"{path}{name}", Text(was), Text(now));
            }
        }
    }

    private static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonArray { Count: 0 } => "none",
        JsonArray list when list.All(v => v is JsonValue) => string.Join(", ", list.Select(Text)),
        JsonArray list => string.Join(", ", list.Select(v => v is JsonObject { Count: 1 } one ? Text(one.First().Value) : Text(v))),
        JsonObject map => string.Join(" · ", map.Select(f => $"{f.Key} {Text(f.Value)}")),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
