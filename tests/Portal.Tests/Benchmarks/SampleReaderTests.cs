using AspireGateway.Portal.Benchmarks.Sets;

namespace AspireGateway.Portal.Tests.Benchmarks;

/// <summary>Samples as JSONL: what is taken, and what is said of the rest.</summary>
public sealed class SampleReaderTests
{
    [Fact]
    public void Lines_ThatHold_AreRead_WithTheMetricsThatServeAll()
    {
        var (samples, faults) = SampleReader.Read("""
            {"prompt":"2 + 2?","expected":["4","four"],"rubric":"Says 4."}

            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"2 + 3?"}],"expected":"5","schema":{"type":"integer"},"rubric":"Says 5."}
            """);
        Assert.Empty(faults);
        Assert.Equal([1, 3], samples.Select(s => s.Line));
        Assert.Equal("""[{"role":"user","content":"2 + 2?"}]""", samples[0].Messages);
        Assert.Equal("""[{"role":"system","content":"Be brief."},{"role":"user","content":"2 + 3?"}]""", samples[1].Messages);
        Assert.Equal(["4", "four"], samples[0].Expected);
        Assert.Equal(["exact", "rubric"], SampleReader.MetricsOf(samples));
    }

    [Theory]
    [InlineData("{", "line 1: it is no valid JSON, or names a field twice, near byte 2.")]
    [InlineData("[]", "line 1: it is no JSON object.")]
    [InlineData("""{"expected":"4"}""", "line 1: it asks nothing. Give it a prompt or messages.")]
    [InlineData("""{"prompt":"x"}""", "line 1: an answer could not be judged. Give it expected, schema or rubric.")]
    [InlineData("""{"prompt":"x","messages":[{"role":"user","content":"x"}],"expected":"4"}""", "line 1: it has both prompt and messages. Leave one out.")]
    [InlineData("""{"prompt":" ","expected":"4"}""", "line 1: prompt is a text that is not empty.")]
    [InlineData("""{"prompt":"x","expected":4}""", "line 1: expected is a text, or an array of 1 to 50 texts.")]
    [InlineData("""{"prompt":"x","expected":[]}""", "line 1: expected is a text, or an array of 1 to 50 texts.")]
    [InlineData("""{"prompt":"x","answer":"4"}""", "line 1: it has a field that is none of prompt, messages, expected, schema, rubric: answer.")]
    [InlineData("""{"prompt":"x","my secret answer":"4"}""", "line 1: it has a field that is none of prompt, messages, expected, schema, rubric.")]
    [InlineData("""{"prompt":"x","prompt":"y","expected":"4"}""", "line 1: it is no valid JSON, or names a field twice, near byte 1.")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x"}],"expected":"4"}""", "line 1: the last message is not the user's, so there is nothing to answer.")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}],"expected":"4"}""", "line 1: the role of a message is system, developer, user or assistant.")]
    [InlineData("""{"prompt":"x","schema":{"type":"strange"}}""", "line 1: schema #/type: a type is one of object, array, string, number, integer, boolean, null.")]
    [InlineData("""{"prompt":"x","schema":{"properties":{"a/b":{"if":{}}}}}""", "line 1: schema #/properties/a~1b/if: this keyword is not supported. Leave it out.")]
    [InlineData("""{"prompt":"x","schema":{"$ref":"#/$defs/x"}}""", "line 1: schema #: $ref #/$defs/x leads nowhere. It names # or a schema of this document such as #/$defs/name.")]
    public void Line_ThatDoesNotHold_IsNamedWithWhatIsWrong(string line, string fault) => Assert.Equal([fault], SampleReader.Read(line).Faults);

    [Fact]
    public void Faults_OfManyLines_AreToldTogether_UpToTwenty()
    {
        var (samples, faults) = SampleReader.Read("{\"prompt\":\"x\",\"expected\":\"y\"}\n" + string.Join('\n', Enumerable.Repeat("no", 50)));
        Assert.Single(samples);
        Assert.Equal(Enumerable.Range(2, 20).Select(n => $"line {n}: it is no valid JSON, or names a field twice, near byte 2."), faults);
    }

    [Fact]
    public void Bounds_OfLinesSizeAndCount_Hold()
    {
        var line = "{\"prompt\":\"x\",\"expected\":\"y\"}\n";
        Assert.Equal(2_000, SampleReader.Read(string.Concat(Enumerable.Repeat(line, 2_000))).Samples.Count);
        Assert.Equal(["line 2001: a set holds at most 2000 samples. Leave the rest out, or make another set."], SampleReader.Read(string.Concat(Enumerable.Repeat(line, 2_001))).Faults);
        Assert.Equal(["line 1: it is longer than 64 KiB."], SampleReader.Read($$"""{"prompt":"{{new string('x', 65_536)}}","expected":"y"}""").Faults);
        Assert.StartsWith("The samples are larger than 4 MiB.", Assert.Single(SampleReader.Read(new string('x', (4 << 20) + 1)).Faults), StringComparison.Ordinal);
        Assert.StartsWith("There is no sample.", Assert.Single(SampleReader.Read(" \n ").Faults), StringComparison.Ordinal);
    }
}
