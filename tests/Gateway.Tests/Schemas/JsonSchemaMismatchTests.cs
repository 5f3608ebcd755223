using System.Text.Json;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Gateway.Tests.Schemas;

public sealed class JsonSchemaMismatchTests
{
    private const string Order = """
        {"type":"object","required":["id","lines"],"additionalProperties":false,"properties":{
          "id":{"type":"string","minLength":2},
          "a/b":{"enum":[1]},
          "lines":{"type":"array","minItems":1,"items":{"type":"object","required":["qty"],"properties":{"qty":{"type":"integer","minimum":1}}}},
          "pay":{"anyOf":[{"required":["card"]},{"required":["iban"]}]},
          "notes":{"additionalProperties":{"type":"string"}}}}
        """;

    [Theory]
    [InlineData("""{"id":"ab","lines":[{"qty":1}]}""")]
    [InlineData("""[]""", "/: type")]
    [InlineData("""{"id":"a","lines":[{"qty":1}]}""", "/id: length")]
    [InlineData("""{"lines":[]}""", "/lines: number of items", "/id: required")]
    [InlineData("""{"id":"ab","lines":[{"qty":1},{"qty":0},{}]}""", "/lines/1/qty: range", "/lines/2/qty: required")]
    [InlineData("""{"id":"ab","lines":[{"qty":1}],"a/b":2}""", "/a~1b: enum")]
    [InlineData("""{"id":"ab","lines":[{"qty":1}],"pay":{"cash":1}}""", "/pay: anyOf")]
    [InlineData("""{"id":"ab","lines":[{"qty":1}],"pay":{"iban":1}}""")]
    [InlineData("""{"id":"ab","lines":[{"qty":1}],"notes":{"falcon":1}}""", "/notes/*: type")]
    public void Mismatches_Instance_AreNamedByPlaceAndKeyword(string instance, params string[] expected)
    {
        using var schema = JsonDocument.Parse(Order);
        using var value = JsonDocument.Parse(instance);
        var read = JsonSchema.Read(schema.RootElement);
        Assert.Equal(expected, read.Mismatches(value.RootElement, 8).Select(mismatch => mismatch.ToString()));
        Assert.Equal(expected.Length == 0, read.Allows(value.RootElement));
    }

    [Fact]
    public void Mismatches_MoreThanAskedFor_AreCut()
    {
        using var schema = JsonDocument.Parse("""{"items":{"type":"string"}}""");
        using var value = JsonDocument.Parse("[1,2,3,4]");
        Assert.Equal(["/0: type", "/1: type"], JsonSchema.Read(schema.RootElement).Mismatches(value.RootElement, 2).Select(mismatch => mismatch.ToString()));
    }
}
