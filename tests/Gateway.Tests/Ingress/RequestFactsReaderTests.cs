using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Tests.Ingress;

public sealed class RequestFactsReaderTests
{
    private const string Messages = """[{"role":"user","content":"Hi"}]""";

    [Theory]
    [InlineData("", null, "empty")]
    [InlineData("not json", null, "not valid JSON")]
    [InlineData("""{"model":"a","messages":[{]""", null, "not valid JSON")]
    [InlineData("""{"model":"a","messages":[{"role":"user"}]} trailing""", null, "not valid JSON")]
    [InlineData("[1]", null, "one JSON object")]
    [InlineData("""{"model":"a"}""", "messages", "missing")]
    [InlineData("""{"model":"a","messages":[]}""", "messages", "empty")]
    [InlineData("""{"model":"a","messages":"Hi"}""", "messages", "wrong type")]
    [InlineData("""{"model":"a","messages":null}""", "messages", "wrong type")]
    [InlineData("""{"model":7,"messages":[1]}""", "model", "must be a string")]
    [InlineData("""{"model":"a","messages":[1],"max_tokens":-1}""", "max_tokens", "at least 1")]
    [InlineData("""{"model":"a","messages":[1],"max_tokens":0}""", "max_tokens", "at least 1")]
    [InlineData("""{"model":"a","messages":[1],"max_tokens":1.5}""", "max_tokens", "whole number")]
    [InlineData("""{"model":"a","messages":[1],"max_completion_tokens":"9"}""", "max_completion_tokens", "whole number")]
    [InlineData("""{"model":"a","messages":[1],"stream":"yes"}""", "stream", "true or false")]
    [InlineData("""{"model":"a","messages":[1],"stream_options":3}""", "stream_options", "object")]
    [InlineData("""{"model":"a","messages":[1],"stream_options":{"include_usage":1}}""", "stream_options", "true or false")]
    [InlineData("""{"model":"a","messages":[1],"model":"b"}""", "model", "twice")]
    [InlineData("""{"model":"a","messages":[1],"mod\u0065l":"b"}""", "model", "twice")]
    public void BadBody_IsRefusedWithPlaceAndAdvice(string body, string? param, string says)
    {
        var refusal = Read(body, out _);

        Assert.NotNull(refusal);
        Assert.Equal(400, refusal.Status);
        Assert.Equal("invalid_request_error", refusal.Code);
        Assert.Equal(param, refusal.Param);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepBody_IsRefused()
    {
        var refusal = Read("""{"messages":""" + new string('[', 100) + new string(']', 100) + "}", out _);

        Assert.Contains("nested deeper than 64", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_AreFoundWhereverTheyStand()
    {
        var refusal = Read($$"""{"x":{"model":"inner","stream":true},"stream":true,"user":"u-1","max_tokens":50,"max_completion_tokens":40,"messages":{{Messages}},"model":"demo-small"}""", out var facts);

        Assert.Null(refusal);
        Assert.Equal("demo-small", facts.Model);
        Assert.True(facts.Stream);
        Assert.Equal("u-1", facts.UserId);
        Assert.Equal(40, facts.MaxOutputTokens);
        Assert.Equal(Messages.Length, facts.PromptBytes);
        Assert.False(facts.CallerWantsUsage);
    }

    [Fact]
    public void Embeddings_TakeTextOrArray()
    {
        Assert.Null(Read("""{"model":"e","input":"Hi"}""", out _, Operation.Embeddings));
        Assert.Null(Read("""{"model":"e","input":["a","b"]}""", out _, Operation.Embeddings));
        Assert.Equal("input", Read("""{"model":"e"}""", out _, Operation.Embeddings)!.Param);
    }

    private static Refusal? Read(string body, out RequestFacts facts, Operation? operation = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        facts = new RequestFacts(bytes, bytes.Length);
        return RequestFactsReader.Read(facts, operation ?? Operation.ChatCompletions, 64);
    }
}
