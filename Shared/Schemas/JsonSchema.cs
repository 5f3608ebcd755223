using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AspireGateway.Shared.Schemas;

/// <summary>
/// A JSON schema that answers are checked against: the keywords of draft 2020-12 (json-schema.org) that providers' structured outputs know, and a few more. Others are refused when it is read,
/// since one that is passed over in silence would let wrong answers count as right. <c>format</c> is an annotation, as the draft says.
/// </summary>
public sealed class JsonSchema
{
    private const int MaxNodes = 2_000, MaxDepth = 40, MaxSteps = 200_000;

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private readonly Dictionary<string, Node> places = new(StringComparer.Ordinal);
    private readonly Node root;
    private int nodes;

    private JsonSchema(JsonElement schema)
    {
        root = Read(schema, "#", 0);
        foreach (var (place, node) in places)
            if (node.Ref is { } reference && !places.ContainsKey(reference)) throw Fault(place, $"$ref {reference} leads nowhere. It names # or a schema of this document such as #/$defs/name");
    }

    /// <summary>Reads a schema.</summary>
    /// <exception cref="SchemaFaultException">It holds a keyword that is not known here, or one of the wrong form.</exception>
    public static JsonSchema Read(JsonElement schema) => new(schema);

    /// <summary>Whether it allows an instance. One that takes more than 200,000 steps to check is not allowed.</summary>
    public bool Allows(JsonElement instance) => Holds(root, instance, 0, new SchemaCheck(0));

    /// <summary>Why it does not allow an instance; empty = it does.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="most">The most that are told, at least 1. Alternatives of <c>anyOf</c> and its kind are told as one.</param>
    public IReadOnlyList<SchemaMismatch> Mismatches(JsonElement instance, int most)
    {
        var check = new SchemaCheck(Math.Max(1, most));
        Holds(root, instance, 0, check);
        return check.Found;
    }

    private bool Holds(Node node, JsonElement value, int depth, SchemaCheck check)
    {
        // Schemas that refer to themselves without looking deeper into the value end here.
        if (++check.Steps > MaxSteps || depth > 4 * MaxDepth) return check.Fails("size");
        if (node.Never) return check.Fails("additionalProperties");
        if (node.Ref is { } reference && !Holds(places[reference], value, depth + 1, check)) return false;
        if (node.Types is { } types && !Array.Exists(types, t => Is(value, t))) return check.Fails("type");
        if (node.Enum is { } allowed && !allowed.Exists(a => JsonElement.DeepEquals(a, value))) return check.Fails("enum");
        foreach (var each in node.AllOf)
            if (!Holds(each, value, depth + 1, check)) return false;
        if (node.AnyOf.Count > 0 && Count(node.AnyOf, value, depth, check, 1) == 0) return check.Fails("anyOf");
        if (node.OneOf.Count > 0 && Count(node.OneOf, value, depth, check, 2) != 1) return check.Fails("oneOf");
        if (node.Not is { } not && Count([not], value, depth, check, 1) == 1) return check.Fails("not");
        return value.ValueKind switch
        {
            JsonValueKind.Object => HoldsObject(node, value, depth, check),
            JsonValueKind.Array => HoldsArray(node, value, depth, check),
            JsonValueKind.String => HoldsText(node, value.GetString()!) || check.Fails(node.Pattern is null ? "length" : "pattern"),
            JsonValueKind.Number => HoldsNumber(node, value) || check.Fails("range"),
            _ => true,
        };
    }

    // What one alternative lacks is no fault while another one may hold.
    private int Count(List<Node> any, JsonElement value, int depth, SchemaCheck check, int enough)
    {
        var holding = 0;
        check.Try();
        foreach (var each in any)
            if (Holds(each, value, depth + 1, check) && ++holding >= enough) break;
        check.EndTry();
        // Whoever ran out of steps is not known to fail.
        return check.Steps > MaxSteps ? 0 : holding;
    }

    private bool HoldsObject(Node node, JsonElement value, int depth, SchemaCheck check)
    {
        var (count, holds) = (0, true);
        foreach (var property in value.EnumerateObject())
        {
            count++;
            var isNamed = node.Properties.TryGetValue(property.Name, out var inner);
            inner ??= node.Additional;
            if (inner is null) continue;
            // A name that the schema does not know is the instance's own and is not told.
            check.Enter(isNamed ? Escape(property.Name) : "*");
            holds &= Holds(inner, property.Value, depth + 1, check);
            check.Leave();
            if (!holds && !check.GoesOn) return false;
        }
        if (count < node.MinProperties || count > node.MaxProperties) return check.Fails("number of properties");
        foreach (var name in node.Required)
        {
            if (value.TryGetProperty(name, out _)) continue;
            check.Enter(Escape(name));
            holds = check.Fails("required");
            check.Leave();
            if (!check.GoesOn) return false;
        }
        return holds;
    }

    private bool HoldsArray(Node node, JsonElement value, int depth, SchemaCheck check)
    {
        var (length, holds, at) = (value.GetArrayLength(), true, 0);
        if (length < node.MinItems || length > node.MaxItems) return check.Fails("number of items");
        if (node.Items is { } items)
        {
            foreach (var item in value.EnumerateArray())
            {
                check.Enter(at++);
                holds &= Holds(items, item, depth + 1, check);
                check.Leave();
                if (!holds && !check.GoesOn) return false;
            }
        }
        if (!node.UniqueItems) return holds;
        var seen = new List<JsonElement>();
        foreach (var item in value.EnumerateArray())
        {
            check.Steps += seen.Count;
            if (check.Steps > MaxSteps || seen.Exists(s => JsonElement.DeepEquals(s, item))) return check.Fails("uniqueItems");
            seen.Add(item);
        }
        return holds;
    }

    private static bool HoldsText(Node node, string text)
    {
        if (node.MinLength > 0 || node.MaxLength < int.MaxValue)
        {
            // Characters are code points (section 6.3 of the draft's validation part).
            var length = 0;
            foreach (var _ in text.EnumerateRunes()) length++;
            if (length < node.MinLength || length > node.MaxLength) return false;
        }
        return node.Pattern is null || node.Pattern.IsMatch(text);
    }

    private static bool HoldsNumber(Node node, JsonElement value)
    {
        if (node.Minimum is null && node.Maximum is null && node.Above is null && node.Below is null && node.MultipleOf is null) return true;
        // What no decimal holds is compared as a double; whether it is a multiple cannot be told then.
        if (!value.TryGetDecimal(out var number))
        {
            var rough = value.GetDouble();
            return node.MultipleOf is null && !(rough < (double?)node.Minimum) && !(rough > (double?)node.Maximum) && !(rough <= (double?)node.Above) && !(rough >= (double?)node.Below);
        }
        return !(number < node.Minimum) && !(number > node.Maximum) && !(number <= node.Above) && !(number >= node.Below)
            && (node.MultipleOf is not { } step || number % step == 0);
    }

    private static bool Is(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        // 1.0 is an integer too (section 6.1.1).
        JsonValueKind.Number => type == "number" || (type == "integer" && (value.TryGetDecimal(out var number) ? number == decimal.Truncate(number) : Math.Truncate(value.GetDouble()) == value.GetDouble())),
        _ => false,
    };

    private Node Read(JsonElement schema, string at, int depth)
    {
        if (++nodes > MaxNodes || depth > MaxDepth) throw Fault(at, $"it is too large. A schema holds at most {MaxNodes} parts, {MaxDepth} deep");
        var node = new Node();
        places[at] = node;
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            node.Never = schema.ValueKind == JsonValueKind.False;
            return node;
        }
        if (schema.ValueKind != JsonValueKind.Object) throw Fault(at, "a schema is an object, true or false");
        foreach (var keyword in schema.EnumerateObject()) ReadKeyword(node, keyword.Name, keyword.Value, $"{at}/{Escape(keyword.Name)}", depth);
        return node;
    }

    private void ReadKeyword(Node node, string name, JsonElement value, string at, int depth)
    {
        switch (name)
        {
            case "title" or "description" or "default" or "examples" or "$schema" or "$id" or "$comment" or "format" or "deprecated" or "readOnly" or "writeOnly": break;
            case "type": node.Types = value.ValueKind == JsonValueKind.String ? [TypeOf(value, at)] : [.. Items(value, at).Select(v => TypeOf(v, at))]; break;
            case "enum": node.Enum = [.. Items(value, at).Select(v => v.Clone())]; break;
            case "const": node.Enum = [value.Clone()]; break;
            case "properties":
                foreach (var (property, inner) in Schemas(value, at, depth)) node.Properties[property] = inner;
                break;
            case "required": node.Required = [.. Items(value, at).Select(v => Text(v, at))]; break;
            case "additionalProperties": node.Additional = Read(value, at, depth + 1); break;
            case "items": node.Items = Read(value, at, depth + 1); break;
            case "anyOf": node.AnyOf.AddRange(List(value, at, depth)); break;
            case "oneOf": node.OneOf.AddRange(List(value, at, depth)); break;
            case "allOf": node.AllOf.AddRange(List(value, at, depth)); break;
            case "not": node.Not = Read(value, at, depth + 1); break;
            case "$defs" or "definitions": _ = Schemas(value, at, depth).ToList(); break;
            case "$ref": node.Ref = Uri.UnescapeDataString(Text(value, at)); break;
            case "minItems": node.MinItems = Size(value, at); break;
            case "maxItems": node.MaxItems = Size(value, at); break;
            case "minProperties": node.MinProperties = Size(value, at); break;
            case "maxProperties": node.MaxProperties = Size(value, at); break;
            case "minLength": node.MinLength = Size(value, at); break;
            case "maxLength": node.MaxLength = Size(value, at); break;
            case "uniqueItems": node.UniqueItems = value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Fault(at, "it is true or false"); break;
            case "pattern": node.Pattern = PatternOf(value, at); break;
            case "minimum": node.Minimum = Number(value, at); break;
            case "maximum": node.Maximum = Number(value, at); break;
            case "exclusiveMinimum": node.Above = Number(value, at); break;
            case "exclusiveMaximum": node.Below = Number(value, at); break;
            case "multipleOf": node.MultipleOf = Number(value, at) is > 0 and var step ? step : throw Fault(at, "it is above 0"); break;
            default: throw Fault(at, "this keyword is not supported. Leave it out");
        }
    }

    private IEnumerable<(string Name, Node Schema)> Schemas(JsonElement value, string at, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Fault(at, "it is an object of schemas");
        foreach (var property in value.EnumerateObject()) yield return (property.Name, Read(property.Value, $"{at}/{Escape(property.Name)}", depth + 1));
    }

    private List<Node> List(JsonElement value, string at, int depth)
    {
        var schemas = Items(value, at).Select((v, i) => Read(v, string.Create(CultureInfo.InvariantCulture, $"{at}/{i}"), depth + 1)).ToList();
        return schemas.Count > 0 ? schemas : throw Fault(at, "it is an array of at least one schema");
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement value, string at) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Fault(at, "it is an array");

    private static string Text(JsonElement value, string at) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault(at, "it holds text");

    private static string TypeOf(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.String && Types.Contains(value.GetString(), StringComparer.Ordinal) ? value.GetString()! : throw Fault(at, $"a type is one of {string.Join(", ", Types)}");

    private static int Size(JsonElement value, string at) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size >= 0 ? size : throw Fault(at, "it is a whole number from 0 on");

    private static decimal Number(JsonElement value, string at) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : throw Fault(at, "it is a number");

    private static Regex PatternOf(JsonElement value, string at)
    {
        try
        {
            return new Regex(Text(value, at), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw Fault(at, "it is a regular expression without back references and look-around");
        }
    }

    // RFC 6901, section 3.
    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static SchemaFaultException Fault(string at, string what) => new($"{at}: {what}.");

    private sealed class Node
    {
        public bool Never;
        public string? Ref;
        public string[]? Types;
        public List<JsonElement>? Enum;
        public readonly Dictionary<string, Node> Properties = new(StringComparer.Ordinal);
        public string[] Required = [];
        public Node? Additional, Items, Not;
        public readonly List<Node> AllOf = [], AnyOf = [], OneOf = [];
        public int MinItems, MinProperties, MinLength, MaxItems = int.MaxValue, MaxProperties = int.MaxValue, MaxLength = int.MaxValue;
        public bool UniqueItems;
        public Regex? Pattern;
        public decimal? Minimum, Maximum, Above, Below, MultipleOf;
    }
}
