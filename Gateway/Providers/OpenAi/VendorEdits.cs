using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// Finds what a vendor needs changed in a body of its own dialect: fields to leave out or rename, and the developer's role. One forward pass over the top
/// level, and only when a vectorised search has seen one of the names at all. Names are compared as they stand: one with escapes is left to the vendor.
/// </summary>
internal sealed class VendorEdits
{
    private static readonly byte[] SystemRole = "\"system\""u8.ToArray();

    private readonly OpenAiVendor vendor;
    private readonly Rule[] rules;

    /// <summary>The changes that this vendor needs.</summary>
    public VendorEdits(OpenAiVendor vendor)
    {
        this.vendor = vendor;
        rules =
        [
            .. vendor.Drop.Select(name => new Rule(name, Quoted(name), null)),
            .. vendor.Rename.Select(pair => new Rule(pair.Key, Quoted(pair.Key), Quoted(pair.Value))),
        ];
    }

    /// <summary>Adds the edits for this body; they do not overlap the ones of the model's name and the usage.</summary>
    public void Add(RequestFacts request, List<BodyEdit> edits, DroppedFields dropped)
    {
        var body = request.Body.Span;
        var hasDeveloper = !vendor.DeveloperRole && body.IndexOf("\"developer\""u8) >= 0;
        var hasOptions = !vendor.StreamOptions && request.StreamOptions != StreamOptionsState.Absent;
        if (!hasDeveloper && !hasOptions && !HasAny(body)) return;

        var fields = new List<Field>(16);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var nameEnd = start + reader.ValueSpan.Length + 2;
            var rule = RuleOf(ref reader);
            var isOptions = !vendor.StreamOptions && reader.ValueSpan.SequenceEqual("stream_options"u8);
            var isMessages = hasDeveloper && reader.ValueSpan.SequenceEqual("messages"u8);
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            if (isMessages) AddRoles(ref reader, edits);
            else reader.Skip();
            fields.Add(new Field(start, nameEnd, valueStart, (int)reader.BytesConsumed, rule, isOptions || rule is { NewName: null }));
        }
        for (var i = 0; i < fields.Count; i++) i = Apply(fields, i, body, edits, dropped);
    }

    private static int Apply(List<Field> fields, int at, ReadOnlySpan<byte> body, List<BodyEdit> edits, DroppedFields dropped)
    {
        var field = fields[at];
        if (field.Rule is { NewName: { } newName } && !IsCut(field, fields, body)) edits.Add(new BodyEdit(field.Start, field.NameEnd, newName));
        if (!IsCut(field, fields, body)) return at;

        // Neighbours that go together are one cut, so that exactly the right commas stay.
        var last = at;
        while (last + 1 < fields.Count && IsCut(fields[last + 1], fields, body)) last++;
        for (var i = at; i <= last; i++)
            if (fields[i].Rule is { NewName: null } rule && Says(rule.Name, body[fields[i].ValueStart..fields[i].ValueEnd])) dropped.Add(rule.Name);
        if (last + 1 < fields.Count) edits.Add(new BodyEdit(field.Start, fields[last + 1].Start, []));
        else if (at > 0) edits.Add(new BodyEdit(fields[at - 1].ValueEnd, fields[last].ValueEnd, []));
        return last;
    }

    /// <summary>Also a field whose new name stands in the body already goes: two of the same name would be worse.</summary>
    private static bool IsCut(Field field, List<Field> fields, ReadOnlySpan<byte> body)
    {
        if (field.IsDropped) return true;
        if (field.Rule is not { NewName: { } newName }) return false;
        foreach (var other in fields)
            if (body[other.Start..other.NameEnd].SequenceEqual(newName)) return true;
        return false;
    }

    /// <summary>Whether a value says more than leaving the field out.</summary>
    private static bool Says(string name, ReadOnlySpan<byte> value) =>
        !value.SequenceEqual("null"u8) && !value.SequenceEqual("false"u8) && !(name == "n" && value.SequenceEqual("1"u8))
        && !(name is "tool_choice" or "service_tier" && value.SequenceEqual("\"auto\""u8));

    private static void AddRoles(ref Utf8JsonReader reader, List<BodyEdit> edits)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return;
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != depth + 2 || !reader.ValueSpan.SequenceEqual("role"u8)) continue;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual("developer"u8))
                edits.Add(new BodyEdit((int)reader.TokenStartIndex, (int)reader.BytesConsumed, SystemRole));
        }
    }

    private bool HasAny(ReadOnlySpan<byte> body)
    {
        foreach (var rule in rules)
            if (body.IndexOf(rule.Quoted) >= 0) return true;
        return false;
    }

    private Rule? RuleOf(ref Utf8JsonReader reader)
    {
        foreach (var rule in rules)
            if (reader.ValueSpan.SequenceEqual(rule.Quoted.AsSpan()[1..^1])) return rule;
        return null;
    }

    private static byte[] Quoted(string name) => Encoding.UTF8.GetBytes($"\"{name}\"");

    private sealed record Rule(string Name, byte[] Quoted, byte[]? NewName);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Field(int Start, int NameEnd, int ValueStart, int ValueEnd, Rule? Rule, bool IsDropped);
}
