using System.Text;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Ingress;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Caching.Keys;

/// <summary>The spelling of a request makes no difference; what it says does.</summary>
public sealed class CanonicalRequestTests
{
    private const int MaxDepth = 64;

    [Fact]
    public void Write_OtherSpelling_SaysTheSame() => Prop.ForAll(Arb.From(Bodies(), NoShrink), value =>
    {
        var plain = "{\"messages\":" + value.Write(Spelling.Plain) + "}";
        for (var seed = 1; seed <= 4; seed++)
        {
            var other = "{ \"messages\" :" + value.Write(new Spelling(seed)) + "\n}";
            if (Canonical(plain) != Canonical(other)) return false.Label(other);
        }
        return true.Label(plain);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Write_OtherMeaning_SaysSomethingElse() => Prop.ForAll(Arb.From(Bodies().Two(), _ => []), pair =>
    {
        var (a, b) = (pair.Item1.Write(Spelling.Plain), pair.Item2.Write(Spelling.Plain));
        return (a == b) == (Canonical("{\"messages\":" + a + "}") == Canonical("{\"messages\":" + b + "}"));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData("""{"messages":[],"temperature":1}""", """{"messages":[],"temperature":1.0e0}""")]
    [InlineData("""{"messages":[],"temperature":0.7}""", """{"messages":[],"temperature":70E-2}""")]
    [InlineData("""{"messages":[],"seed":-0}""", """{"messages":[],"seed":0.000e5}""")]
    [InlineData("""{"messages":[],"seed":1200}""", """{"messages":[],"seed":12e2}""")]
    [InlineData("""{"messages":[]}""", """{"messages":[],"model":"other","stream":true,"stream_options":{"include_usage":true},"user":"u","metadata":{"a":"b"},"store":true,"n":1,"stop":null,"presence_penalty":0.0,"logprobs":false}""")]
    [InlineData("""{"messages":[{"content":"a\u00e9\"\\\/\n","role":"user"}]}""", """{"messages":[{"role":"user","content":"\u0061é\u0022\u005c/\u000a"}]}""")]
    public void Write_EqualRequests_AreOne(string one, string other) => Assert.Equal(Canonical(one), Canonical(other));

    [Theory]
    [InlineData("""{"messages":[],"temperature":1}""", """{"messages":[],"temperature":0.1}""")]
    [InlineData("""{"messages":[],"temperature":1}""", """{"messages":[]}""")]
    [InlineData("""{"messages":[],"n":2}""", """{"messages":[]}""")]
    [InlineData("""{"messages":[],"seed":1}""", """{"messages":[],"seed":-1}""")]
    [InlineData("""{"messages":[],"seed":1}""", """{"messages":[],"seed":10}""")]
    [InlineData("""{"messages":[],"seed":1}""", """{"messages":[],"seed":"1"}""")]
    [InlineData("""{"messages":[],"seed":1e999999999999}""", """{"messages":[],"seed":1e999999999998}""")]
    [InlineData("""{"messages":["a","b"]}""", """{"messages":["b","a"]}""")]
    [InlineData("""{"messages":["ab"]}""", """{"messages":["a","b"]}""")]
    [InlineData("""{"messages":[{"a":1,"a":2}]}""", """{"messages":[{"a":2,"a":1}]}""")]
    [InlineData("""{"messages":[{"content":null}]}""", """{"messages":[{}]}""")]
    [InlineData("""{"messages":[{"user":"a"}]}""", """{"messages":[{"user":"b"}]}""")]
    [InlineData("""{"messages":["\u00e9"]}""", """{"messages":["e\u0301"]}""")]
    [InlineData("""{"messages":[],"unknown":{"x":[1]}}""", """{"messages":[],"unknown":{"x":[2]}}""")]
    public void Write_DifferentRequests_AreTwo(string one, string other) => Assert.NotEqual(Canonical(one), Canonical(other));

    [Theory]
    [InlineData("""{"temperature":0}""", CacheFitness.TemperatureZero)]
    [InlineData("""{"temperature":0.0e3,"tools":[{"type":"function"}]}""", CacheFitness.TemperatureZero | CacheFitness.Tools)]
    [InlineData("""{"tools":[]}""", CacheFitness.None)]
    [InlineData("""{"web_search_options":{}}""", CacheFitness.Tools)]
    [InlineData("""{"background":true}""", CacheFitness.Unfit)]
    [InlineData("""{"background":false,"conversation":null}""", CacheFitness.None)]
    [InlineData("""{"conversation":"conv_1"}""", CacheFitness.Unfit)]
    [InlineData("""{"messages":["\ud800"]}""", CacheFitness.Unfit)]
    [InlineData("""[]""", CacheFitness.Unfit)]
    public void Write_Body_SaysWhetherItMayBeKept(string body, object fitness)
    {
        using var output = CanonicalBuffer.Take();
        Assert.Equal((CacheFitness)fitness, CanonicalRequest.Write(Encoding.UTF8.GetBytes(body), Operation.ChatCompletions, MaxDepth, output));
    }

    [Fact]
    public void Write_FormOfEmbeddings_IsTheCallers()
    {
        Assert.Equal(Canonical("""{"input":"a","encoding_format":"base64"}""", Operation.Embeddings), Canonical("""{"input":"a"}""", Operation.Embeddings));
        Assert.NotEqual(Canonical("""{"input":"a","dimensions":8}""", Operation.Embeddings), Canonical("""{"input":"a"}""", Operation.Embeddings));
    }

    [Fact]
    public void Write_DeepAndWide_IsBoundedByTheBody()
    {
        var body = new StringBuilder("{\"messages\":");
        for (var i = 0; i < 60; i++) body.Append("{\"z\":1,\"a\":");
        body.Append('1').Append('}', 60).Append('}');
        Assert.Equal(Canonical(body.ToString()), Canonical(body.ToString()));
    }

    private static IEnumerable<Value> NoShrink(Value _) => [];

    private static string Canonical(string body, Operation? operation = null)
    {
        using var output = CanonicalBuffer.Take();
        Assert.False(CanonicalRequest.Write(Encoding.UTF8.GetBytes(body), operation ?? Operation.ChatCompletions, MaxDepth, output).HasFlag(CacheFitness.Unfit));
        return Convert.ToHexString(output.Written);
    }

    private static Gen<Value> Bodies() => Gen.Sized(size => Tree(Math.Min(size, 24)));

    private static Gen<Value> Tree(int size)
    {
        var text = Gen.Elements("", "a", "ab", "ä", "€", "😀", "\"", "\\", "/", "\n", "é", "user", "model", "1", "z").Select(t => (Value)new Value.Text(t));
        var number = Gen.Zip(Gen.Choose(-5, 120), Gen.Choose(-3, 3)).Select(n => (Value)new Value.Number(n.Item1, n.Item2));
        var word = Gen.Elements("true", "false", "null").Select(w => (Value)new Value.Word(w));
        if (size < 2) return Gen.OneOf(text, number, word);
        var inner = Tree(size / 3);
        var list = inner.ArrayOf(3).Select(items => (Value)new Value.List(items));
        var map = Gen.Zip(Gen.Elements("a", "b", "role", "é", "\"", "aa"), inner).ArrayOf(4)
            .Select(pairs => (Value)new Value.Map([.. pairs.DistinctBy(p => p.Item1).OrderBy(p => p.Item1, StringComparer.Ordinal).Select(p => (p.Item1, p.Item2))]));
        return Gen.OneOf(text, number, word, list, map);
    }
}
