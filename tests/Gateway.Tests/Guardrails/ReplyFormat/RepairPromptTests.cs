using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.ReplyFormat;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Guardrails.ReplyFormat;

public sealed class RepairPromptTests
{
    private static readonly FormatFinding Finding = new(FormatFinding.SchemaMismatch, [new("/n", "type"), new("/m", "required")]);

    // One line per dialect: the body up to the instructions, and what stands around the question.
    [Theory]
    [InlineData("chat_completions", """{"model":"small","messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":70}""", """{"model":"small","stream":true,"max_tokens":70,"messages":[{"role":"system",""")]
    [InlineData("messages", """{"model":"small","messages":[{"role":"user","content":"hi"}],"max_tokens":70}""", """{"model":"small","max_tokens":70,"system":""")]
    [InlineData("responses", """{"model":"small","input":"hi","stream":true}""", """{"model":"small","stream":true,"instructions":""")]
    public void Write_EachDialect_IsARequestOfItsOwn(string operation, string asked, string begins)
    {
        var kind = Assert.Single([Operation.ChatCompletions, Operation.Messages, Operation.Responses], o => o.Name == operation);
        using var facts = FactsOf(asked, kind);
        facts.OutputCap = 60;
        using var question = RepairPrompt.Write(facts, kind, """{"n":"<1>"}""", Finding, "{\"type\":\"object\"}")!;
        var body = Encoding.UTF8.GetString(question.Body.Span);

        Assert.StartsWith(begins, body, StringComparison.Ordinal);
        Assert.Equal((facts.Stream, facts.MaxOutputTokens, 60L), (question.Stream, question.MaxOutputTokens, question.OutputCap));
        var neutral = new ChatRequest();
        Assert.Null(RequestDialects.Of(kind.Dialect)!.Read(question.Body, neutral));
        Assert.Equal([ChatRole.System, ChatRole.User], neutral.Messages.Select(message => message.Role));
        Assert.Equal("Schema:\n{\"type\":\"object\"}\n\nWrong:\n/n: type\n/m: required\n\nReply:\n{\"n\":\"<1>\"}", Assert.IsType<TextPart>(Assert.Single(neutral.Messages[1].Parts)).Text.ToString());
        Assert.True(body.Length <= RepairPrompt.MostBytes("{\"type\":\"object\"}"));
        Assert.Empty(neutral.Unmapped);
    }

    [Fact]
    public void Write_NoSchema_AsksForAnyObject()
    {
        using var facts = FactsOf("""{"model":"small","messages":[{"role":"user","content":"hi"}]}""", Operation.ChatCompletions);
        using var question = RepairPrompt.Write(facts, Operation.ChatCompletions, "no", new(FormatFinding.NotJson, []), "")!;
        var text = JsonDocument.Parse(question.Body).RootElement.GetProperty("messages")[1].GetProperty("content").GetString();
        Assert.Equal("Schema:\nany JSON object\n\nWrong:\nit is not JSON\n\nReply:\nno", text);
    }

    [Fact]
    public void Write_ReplyThatIsTooLong_IsNotAsked()
    {
        using var facts = FactsOf("""{"model":"small","messages":[{"role":"user","content":"hi"}]}""", Operation.ChatCompletions);
        Assert.Null(RepairPrompt.Write(facts, Operation.ChatCompletions, new string('a', 40_000), Finding, ""));
        using var longest = RepairPrompt.Write(facts, Operation.ChatCompletions, new string('a', 32 * 1024), Finding, "");
        Assert.True(longest!.Body.Length <= RepairPrompt.MostBytes(""));
    }

    private static RequestFacts FactsOf(string body, Operation operation)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        var facts = new RequestFacts(rented, bytes.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation, 32));
        return facts;
    }
}
