using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles.Kinds;
using AspireGateway.Portal.ConfigurationFiles.Yaml;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>All kinds of things, in the order of a file, which is also the order in which they are made; they end in the opposite order.</summary>
internal sealed class FileKinds(IEnumerable<FileKind> kinds)
{
    /// <summary>The form of the file. Another form gets another number.</summary>
    public const int Version = 1;

    private const string VersionField = "version";

    /// <summary>The kinds.</summary>
    public IReadOnlyList<FileKind> All { get; } = [.. kinds];

    /// <summary>The things of a state.</summary>
    public IReadOnlyList<Thing> Of(HouseState state) => [.. All.SelectMany(k => k.Of(state))];

    /// <summary>A state as a file: always the same bytes for the same configuration.</summary>
    public string Write(HouseState state)
    {
        var text = new StringBuilder();
        text.Append("# The configuration of ").Append(state.Organisation.Slug).Append(". Secrets, keys and people are not part of it.\n");
        text.Append(VersionField).Append(": ").Append(Version).Append('\n');
        foreach (var kind in All)
        {
            var things = kind.Of(state);
            if (things.Count == 0) continue;
            text.Append('\n').Append(kind.Section).Append(":\n");
            if (kind.IsSingle) YamlText.Fields(text, things[0].Entry, 2);
            else YamlText.Items(text, things.Select(t => (JsonNode?)t.Entry), 2);
        }
        return text.ToString();
    }

    /// <summary>What a file wants; the failure names every line that is wrong.</summary>
    public Result<IReadOnlyList<Thing>> Read(string yaml)
    {
        var read = YamlReader.Read(yaml);
        if (read.Failure is { } failure) return failure;
        var faults = new List<Fault>();
        var shape = new YamlShape(faults);
        if (read.Value is not YamlMap map)
        {
            shape.Fault("file", read.Value, "a configuration begins with version: 1, then its sections.");
            return new Failure.Invalid(faults);
        }
        var things = new List<Thing>();
        CheckVersion(map, shape);
        foreach (var section in map.Fields.Where(f => f.Name != VersionField))
        {
            if (All.FirstOrDefault(k => k.Section == section.Name) is { } kind) ReadSection(kind, section, shape, things);
            else shape.Fault(section.Name, section.Key, $"{(section.Name.Length > 60 ? section.Name[..60] : section.Name)} is not a section. Sections are {string.Join(", ", All.Select(k => k.Section))}.");
        }
        return faults.Count > 0 ? new Failure.Invalid(faults) : things;
    }

    private static void CheckVersion(YamlMap map, YamlShape shape)
    {
        var version = map.Fields.FirstOrDefault(f => f.Name == VersionField);
        if (version is null) shape.Fault(VersionField, map, "version: 1 is missing.");
        else if (version.Value is not YamlScalar { IsPlain: true, Text: "1" }) shape.Fault(VersionField, version.Value, "version is 1; this portal reads no other form.");
    }

    private static void ReadSection(FileKind kind, YamlField section, YamlShape shape, List<Thing> things)
    {
        if (section.Value is YamlScalar { IsNull: true }) return;
        if (kind.IsSingle)
        {
            if (shape.Read(section.Value, kind.Shape, kind.Section) is JsonObject only) things.Add(new(kind, kind.What, only) { At = section.Key.At });
            return;
        }
        if (section.Value is not YamlList list)
        {
            shape.Fault(kind.Section, section.Value, $"{kind.Section} is a list, each entry behind a hyphen.");
            return;
        }
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (shape.Read(item, kind.Shape, kind.Section) is not JsonObject entry) continue;
            if (kind.NameOf(entry) is not { } name) shape.Fault($"{kind.Section}.{kind.Identity[0]}", item, $"{kind.Identity[0]} is required: it says which {kind.What} this is.");
            else if (!seen.TryAdd(name, item.At)) shape.Fault($"{kind.Section}.{kind.Identity[0]}", item, $"{kind.What} {name} stands twice; the first one is in {seen[name]}.");
            else things.Add(new(kind, name, entry) { At = item.At });
        }
    }
}
