using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Tests.Ingress;

/// <summary>What a body says to the gateway alone.</summary>
public sealed class GatewayFieldTests
{
    [Theory]
    [InlineData("chat_completions", """{"gateway":{"context":["a","b\n"]},"model":"m","messages":[{"role":"user","content":"hi"}]}""", """{"model":"m","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("messages", """{"model":"m","gateway" : {"context":["a","b\n"]} , "messages":[{"role":"user","content":"hi"}],"max_tokens":5}""", """{"model":"m", "messages":[{"role":"user","content":"hi"}],"max_tokens":5}""")]
    [InlineData("responses", """{"model":"m","input":"hi", "gateway":{"context":["a","b\n"]} }""", """{"model":"m","input":"hi" }""")]
    [InlineData("count_tokens", """{"model":"m","messages":[{"role":"user","content":"hi"}],"gateway":{"context":["a","b\n"]}}""", """{"model":"m","messages":[{"role":"user","content":"hi"}]}""")]
    public void Take_EachDialectAndPlace_LeavesTheRestAsItWas(string operation, string body, string expected)
    {
        using var facts = Facts(body);
        var kind = Assert.Single([Operation.ChatCompletions, Operation.Messages, Operation.Responses, Operation.CountTokens], o => o.Name == operation);
        Assert.Null(RequestFactsReader.Read(facts, kind, 32));
        GatewayField.Take(facts);

        Assert.Equal(expected, Encoding.UTF8.GetString(facts.Body.Span));
        Assert.Equal(["a", "b\n"], facts.Context!);
        Assert.Null(RequestFactsReader.Read(facts, kind, 32));
        Assert.Equal(default, facts.GatewayRange);
    }

    [Fact]
    public void Take_NoTexts_IsTakenOutAllTheSame()
    {
        using var facts = Facts("""{"model":"m","messages":[{"role":"user","content":"hi"}],"gateway":{}}""");
        Assert.Null(RequestFactsReader.Read(facts, Operation.ChatCompletions, 32));
        GatewayField.Take(facts);
        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8.GetString(facts.Body.Span));
        Assert.Empty(facts.Context!);
    }

    [Theory]
    [InlineData("null", "gateway")]
    [InlineData("[]", "gateway")]
    [InlineData("""{"x":1}""", "gateway")]
    [InlineData("""{"context":["a"],"context":["b"]}""", "gateway")]
    [InlineData("""{"context":"a"}""", "gateway.context")]
    [InlineData("""{"context":[1]}""", "gateway.context")]
    [InlineData("""{"context":[null]}""", "gateway.context")]
    [InlineData("""{"context":{"a":"b"}}""", "gateway.context")]
    public void Read_Malformed_IsRefused(string value, string field)
    {
        using var facts = Facts($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],"gateway":{{value}}}""");
        var refusal = RequestFactsReader.Read(facts, Operation.ChatCompletions, 32);
        Assert.Equal((400, field), (refusal!.Status, refusal.Param));
    }

    [Fact]
    public void Read_Embeddings_PassWhatTheyDoNotKnow()
    {
        using var facts = Facts("""{"model":"m","input":"hi","gateway":1}""");
        Assert.Null(RequestFactsReader.Read(facts, Operation.Embeddings, 32));
    }

    private static RequestFacts Facts(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        return new(rented, bytes.Length);
    }
}
