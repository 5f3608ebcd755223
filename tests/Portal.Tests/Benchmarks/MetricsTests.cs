using System.Globalization;
using System.Text.Json;
using AspireGateway.Portal.Benchmarks.Metrics;
using AspireGateway.Shared.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Portal.Tests.Benchmarks;

/// <summary>Metrics and statistics of benchmarks, against cases written down by hand, published tables and properties.</summary>
public sealed class MetricsTests
{
    [Theory]
    [InlineData("Paris", "paris", 1)]
    [InlineData("  \"Paris.\" ", "paris", 1)]
    [InlineData("**New\n  York**!", "new york", 1)]
    [InlineData("-4", "4", 0)]
    [InlineData("4.0", "4", 0)]
    [InlineData("The answer is 4", "4", 0)]
    [InlineData("", "4", 0)]
    [InlineData("C++", "c++", 1)]
    public void Exact_MatchesAfterItsNormalisationOnly(string answer, string expected, double score) => Assert.Equal(score, ExactMatch.Score(answer, ["nothing else", expected]));

    [Fact]
    public void Exact_Normalised_StaysAsItIs_AndIsBlindToCaseAndOuterSpace() => Prop.ForAll<NonNull<string>>(text =>
    {
        var once = ExactMatch.Normalise(text.Get);
        return once == ExactMatch.Normalise(once) && once == ExactMatch.Normalise("\t" + text.Get.ToLowerInvariant() + "\n ") && ExactMatch.Score(text.Get, [text.Get]) == 1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", """{"a":1}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", """{"a":1,"b":2}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""", """{}""", false)]
    [InlineData("""{"type":"integer"}""", "1.0", true)]
    [InlineData("""{"type":"integer"}""", "1.5", false)]
    [InlineData("""{"type":"integer"}""", "1e400", true)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"enum":["a",1]}""", "1.0", true)]
    [InlineData("""{"const":{"a":[1,2]}}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":2,"uniqueItems":true}""", """["a","b"]""", true)]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":2,"uniqueItems":true}""", """["a","a"]""", false)]
    [InlineData("""{"type":"array","maxItems":2}""", "[1,2,3]", false)]
    [InlineData("""{"minLength":2,"maxLength":2,"pattern":"^."}""", "\"\U0001F600a\"", true)]
    [InlineData("""{"minLength":3}""", "\"\U0001F600a\"", false)]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"aB\"", false)]
    [InlineData("""{"minimum":1,"exclusiveMaximum":2}""", "1", true)]
    [InlineData("""{"minimum":1,"exclusiveMaximum":2}""", "2", false)]
    [InlineData("""{"multipleOf":0.1}""", "0.3", true)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", false)]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "4", false)]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "5", true)]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "3", false)]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "1", true)]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "3", false)]
    [InlineData("""{"not":{"type":"null"}}""", "null", false)]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", false)]
    [InlineData("""{"$defs":{"tree":{"type":"object","properties":{"next":{"$ref":"#/$defs/tree"}},"additionalProperties":false}},"$ref":"#/$defs/tree"}""", """{"next":{"next":{}}}""", true)]
    [InlineData("""{"$defs":{"tree":{"type":"object","properties":{"next":{"$ref":"#/$defs/tree"}},"additionalProperties":false}},"$ref":"#/$defs/tree"}""", """{"next":{"last":{}}}""", false)]
    [InlineData("""{"$ref":"#"}""", "1", false)]
    public void Schema_AllowsWhatItSays(string schema, string instance, bool allowed) => Assert.Equal(allowed, Schema(schema).Allows(JsonDocument.Parse(instance).RootElement));

    [Fact]
    public void Schema_ThatBranchesWithoutEnd_IsGivenUp_AndAllowsNothing()
    {
        var tree = Schema("""{"anyOf":[{"properties":{"a":{"$ref":"#"},"b":{"type":"string"}},"required":["b"]},{"properties":{"a":{"$ref":"#"}},"required":["c"]},{"$ref":"#/anyOf/0"}]}""");
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 30)) + "1" + new string('}', 30);
        Assert.False(tree.Allows(JsonDocument.Parse(deep).RootElement));
    }

    [Fact]
    public void Schema_MadeOfAnInstance_AllowsIt_AndRefusesWhatIsTakenAway() => Prop.ForAll<Dictionary<NonNull<string>, int>>(fields =>
    {
        var names = fields.ToDictionary(f => Clean(f.Key.Get), f => f.Value);
        var instance = JsonSerializer.SerializeToElement(names);
        var schema = JsonSchema.Read(JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["type"] = "object", ["required"] = names.Keys, ["additionalProperties"] = false,
            ["properties"] = names.ToDictionary(n => n.Key, n => new Dictionary<string, object> { ["type"] = "integer", ["minimum"] = n.Value, ["maximum"] = n.Value }),
        }));
        return schema.Allows(instance) && names.Keys.All(gone => !schema.Allows(JsonSerializer.SerializeToElement(names.Where(n => n.Key != gone).ToDictionary())))
            && names.Keys.All(changed => !schema.Allows(JsonSerializer.SerializeToElement(names.ToDictionary(n => n.Key, n => n.Key == changed ? (long)n.Value + 1 : n.Value))));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("{\"a\":1}", 1)]
    [InlineData("```json\n{\"a\":1}\n```", 1)]
    [InlineData("```\n{\"a\":1}\n```", 1)]
    [InlineData("```python\n{\"a\":1}\n```", 0)]
    [InlineData("Here you are: {\"a\":1}", 0)]
    [InlineData("{\"a\":1} {\"a\":1}", 0)]
    [InlineData("{\"a\":1,\"a\":1}", 0)]
    [InlineData("{\"a\":\"1\"}", 0)]
    [InlineData("", 0)]
    public void SchemaMatch_WantsTheWholeAnswer(string answer, double score) =>
        Assert.Equal(score, SchemaMatch.Score(answer, Schema("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""")));

    [Theory]
    [InlineData("{\"score\": 0.75}", 0.75)]
    [InlineData(" {\"score\":1}\n", 1.0)]
    [InlineData("```json\n{\"score\":0}\n```", 0.0)]
    [InlineData("{\"score\":1.01}", null)]
    [InlineData("{\"score\":-0.1}", null)]
    [InlineData("{\"score\":\"1\"}", null)]
    [InlineData("{\"score\":1,\"score\":0}", null)]
    [InlineData("{\"score\":1,\"because\":\"good\"}", null)]
    [InlineData("{}", null)]
    [InlineData("1", null)]
    [InlineData("I give it {\"score\":1}", null)]
    [InlineData("", null)]
    public void Verdict_IsReadStrictly(string verdict, double? score) => Assert.Equal(score, RubricJudge.Read(verdict));

    [Fact]
    public void Verdict_OfAnyScore_IsReadBack_AndTheAnswerStaysData() => Prop.ForAll<NonNull<string>, int>((answer, number) =>
    {
        var score = Math.Abs((long)number) % 1001 / 1000.0;
        var asked = JsonDocument.Parse(RubricJudge.Messages("""[{"role":"user","content":"x"}]""", Clean(answer.Get), "r")).RootElement;
        var inner = JsonDocument.Parse(asked[1].GetProperty("content").GetString()!).RootElement;
        return RubricJudge.Read(string.Create(CultureInfo.InvariantCulture, $"{{\"score\":{score:R}}}")) == score
            && asked.GetArrayLength() == 2 && inner.GetProperty("answer").GetString() == Clean(answer.Get) && inner.EnumerateObject().Count() == 3;
    }).QuickCheckThrowOnFailure();

    // NIST/SEMATECH e-Handbook, table 1.3.6.7.2.
    [Theory]
    [InlineData(9, 2.262)]
    [InlineData(10, 2.228)]
    [InlineData(20, 2.086)]
    [InlineData(100, 1.984)]
    [InlineData(100_000, 1.960)]
    public void Quantile_IsStudents(int degrees, double expected) => Assert.Equal(expected, PairedDifference.Quantile(degrees), 0.001);

    [Fact]
    public void Difference_OfPairs_IsAsCalculatedByHand()
    {
        // Five of 20 better, one worse: mean 0.2, standard deviation 0.5231, times 2.093 / sqrt(20).
        var pairs = Enumerable.Range(0, 20).Select(i => (First: i == 5 ? 0.0 : 1.0, Second: i < 5 ? 0.0 : 1.0)).ToList();
        var difference = PairedDifference.Of(pairs);
        Assert.Equal((0.2, -0.045, 0.445), (Math.Round(difference.Mean, 3), Math.Round(difference.Low!.Value, 3), Math.Round(difference.High!.Value, 3)));
        Assert.Null(PairedDifference.Of(pairs[..9]).Low);
        Assert.Equal((0.0, -0.05, 0.05, 20), (PairedDifference.Of([.. pairs.Select(p => (p.First, p.First))]) is var none ? none.Mean : 1, none.Low, none.High, none.Count));
    }

    [Fact]
    public void Difference_OfAnyPairs_IsMirrored() => Prop.ForAll<NonEmptyArray<(byte, byte)>>(pairs =>
    {
        var these = pairs.Get.Select(p => (p.Item1 / 255.0, p.Item2 / 255.0)).ToList();
        var (forth, back) = (PairedDifference.Of(these), PairedDifference.Of([.. these.Select(p => (p.Item2, p.Item1))]));
        return Math.Abs(forth.Mean + back.Mean) < 1e-9 && forth.Low is null == these.Count < PairedDifference.MinCount && (forth.Low is null || (Math.Abs(forth.Low.Value + back.High!.Value) < 1e-9 && forth.Low <= forth.Mean));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(19, 19)]
    [InlineData(20, 19)]
    [InlineData(100, 95)]
    [InlineData(101, 96)]
    public void P95_IsTheNearestRank(int count, long expected) => Assert.Equal(expected, Percentile.P95([.. Enumerable.Range(1, count).Select(i => (long)i)]));

    private static JsonSchema Schema(string json) => JsonSchema.Read(JsonDocument.Parse(json).RootElement);

    // JSON has no half surrogate pairs.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes());
}
