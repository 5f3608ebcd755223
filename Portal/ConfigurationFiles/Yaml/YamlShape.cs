using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.ConfigurationFiles.Yaml;

/// <summary>
/// Turns a value of a YAML file into JSON of a known shape. The shape decides what a value is, never how it looks: a name such as <c>on</c> or <c>1e3</c> stays a text. Faults name their line; all of
/// them are collected.
/// </summary>
internal sealed partial class YamlShape(List<Fault> faults)
{
    private const int MaxFaults = 100;

    /// <summary>Adds a fault at a place of the file.</summary>
    public void Fault(string path, YamlNode at, string message)
    {
        if (faults.Count < MaxFaults) faults.Add(new(path, $"{at.At}: {message}"));
    }

    /// <summary>The value as JSON; null = nothing is said, or it is wrong.</summary>
    public JsonNode? Read(YamlNode node, JsonTypeInfo shape, string path)
    {
        if (node is YamlScalar { IsNull: true }) return null;
        return shape.Kind switch
        {
            JsonTypeInfoKind.Object => ReadMap(node, shape, path),
            JsonTypeInfoKind.Enumerable => ReadList(node, shape, path),
            JsonTypeInfoKind.Dictionary => ReadNames(node, shape, path),
            _ => ReadValue(node, Nullable.GetUnderlyingType(shape.Type) ?? shape.Type, path),
        };
    }

    private JsonObject? ReadMap(YamlNode node, JsonTypeInfo shape, string path)
    {
        if (node is not YamlMap map)
        {
            Fault(path, node, $"{Last(path)} holds fields, each as name: value.");
            return null;
        }
        var read = new JsonObject();
        foreach (var field in map.Fields)
        {
            var known = shape.Properties.FirstOrDefault(p => string.Equals(p.Name, field.Name, StringComparison.Ordinal));
            if (known is null) Fault($"{path}.{field.Name}", field.Key, $"{Short(field.Name)} is not a field of {Last(path)}.");
            else if (Read(field.Value, shape.Options.GetTypeInfo(known.PropertyType), $"{path}.{field.Name}") is { } value) read[field.Name] = value;
        }
        return read;
    }

    private JsonArray? ReadList(YamlNode node, JsonTypeInfo shape, string path)
    {
        if (node is not YamlList list)
        {
            Fault(path, node, $"{Last(path)} is a list, each entry in a line of its own behind a hyphen.");
            return null;
        }
        var element = shape.Options.GetTypeInfo(shape.Type.GetElementType() ?? shape.Type.GetGenericArguments()[^1]);
        var read = new JsonArray();
        foreach (var item in list.Items)
        {
            if (Read(item, element, path) is { } value) read.Add(value);
            else if (item is YamlScalar { IsNull: true }) Fault(path, item, $"An entry of {Last(path)} is empty.");
        }
        return read;
    }

    private JsonObject? ReadNames(YamlNode node, JsonTypeInfo shape, string path)
    {
        if (node is not YamlMap map)
        {
            Fault(path, node, $"{Last(path)} holds names with values, each as name: value.");
            return null;
        }
        var element = shape.Options.GetTypeInfo(shape.Type.GetGenericArguments()[^1]);
        var read = new JsonObject();
        foreach (var field in map.Fields)
        {
            if (Read(field.Value, element, $"{path}.{field.Name}") is { } value) read[field.Name] = value;
            else if (field.Value is YamlScalar { IsNull: true }) Fault($"{path}.{field.Name}", field.Value, $"{Short(field.Name)} has no value.");
        }
        return read;
    }

    private JsonValue? ReadValue(YamlNode node, Type type, string path)
    {
        if (node is not YamlScalar scalar)
        {
            Fault(path, node, $"{Last(path)} is a single value.");
            return null;
        }
        // Ids are written as names here; amounts of money as texts, so that nothing is rounded.
        if (type == typeof(string) || type == typeof(Guid) || type == typeof(UsdAmount)) return JsonValue.Create(scalar.Text);
        if (type == typeof(bool))
        {
            if (scalar.IsPlain && scalar.Text is "true" or "false") return JsonValue.Create(scalar.Text == "true");
            Fault(path, node, $"{Last(path)} is true or false.");
            return null;
        }
        var whole = type == typeof(int) || type == typeof(long);
        if (!scalar.IsPlain || scalar.Text.Length > 30 || !(whole ? WholeNumber() : Number()).IsMatch(scalar.Text))
        {
            Fault(path, node, whole ? $"{Last(path)} is a whole number." : $"{Last(path)} is a number.");
            return null;
        }
        if (type == typeof(int) && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small)) return JsonValue.Create(small);
        if (type == typeof(long) && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)) return JsonValue.Create(large);
        if (type == typeof(double)) return JsonValue.Create(double.Parse(scalar.Text, CultureInfo.InvariantCulture));
        if (type == typeof(decimal) && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)) return JsonValue.Create(exact);
        Fault(path, node, $"{Last(path)} is too large a number.");
        return null;
    }

    private static string Last(string path) => Short(path[(path.LastIndexOf('.') + 1)..]);

    // A hostile name must not fill a page.
    private static string Short(string name) => name.Length > 60 ? $"{name[..60]}…" : name;

    [GeneratedRegex(@"^-?[0-9]{1,20}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
