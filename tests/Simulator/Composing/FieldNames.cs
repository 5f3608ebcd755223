using System.Text.Json;

namespace AspireGateway.Simulator.Composing;

/// <summary>A closed set of field names, for the providers that refuse a field that they do not know.</summary>
internal sealed class FieldNames(params string[] names)
{
    private readonly HashSet<string> known = new(names, StringComparer.Ordinal);

    /// <summary>The first field that is not in the set, or null.</summary>
    public string? Stranger(JsonElement element)
    {
        foreach (var member in element.Members())
            if (!known.Contains(member.Name)) return member.Name;
        return null;
    }

    /// <summary>True when the set has the name.</summary>
    public bool Has(string name) => known.Contains(name);
}
