using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Composing;

namespace AspireGateway.Simulator.Gemini;

/// <summary>JSON of protocol buffers: a field may be written in camel or in snake case, an unknown one is refused.</summary>
internal static class ProtoJson
{
    /// <summary>The field's value, however it is written, or an undefined one.</summary>
    public static JsonElement Field(this JsonElement element, string camel) =>
        element.Get(camel) is { ValueKind: not JsonValueKind.Undefined } value ? value : element.Get(Snake(camel));

    /// <summary>True when the field is there.</summary>
    public static bool HasField(this JsonElement element, string camel) => element.Field(camel).ValueKind != JsonValueKind.Undefined;

    /// <summary>The fault for the first field that the message does not have, or null.</summary>
    public static string? Unknown(this JsonElement element, FieldNames known, string path)
    {
        foreach (var member in element.Members())
        {
            if (known.Has(member.Name) || known.Has(Camel(member.Name))) continue;
            var place = path.Length == 0 ? "" : $" at '{Snake(path)}'";
            return $"Invalid JSON payload received. Unknown name \"{member.Name}\"{place}: Cannot find field.";
        }

        return null;
    }

    public static string Snake(string camel)
    {
        var snake = new StringBuilder(camel.Length + 8);
        foreach (var c in camel)
        {
            if (char.IsAsciiLetterUpper(c)) snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }

    private static string Camel(string name)
    {
        var camel = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length) camel.Append(char.ToUpperInvariant(name[++i]));
            else camel.Append(name[i]);
        }

        return camel.ToString();
    }
}
