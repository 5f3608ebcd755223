using System.Text;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Tests.Caching.Keys;

/// <summary>Only the words of the user's last message may differ.</summary>
public sealed class LastTurnTests
{
    private const int MaxDepth = 64;

    [Theory]
    [InlineData("chat", """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"@"}]}""", 1)]
    [InlineData("chat", """{"messages":[{"content":[{"type":"text","text":"@"},{"type":"image_url","image_url":{"url":"u"}},{"text":"@","type":"text"}],"role":"user"}],"temperature":0}""", 2)]
    [InlineData("chat", """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}""", 0)]
    [InlineData("chat", """{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"}]}""", 0)]
    [InlineData("chat", """{"messages":[{"role":"user","role":"assistant","content":"a"}]}""", 0)]
    [InlineData("chat", """{"messages":[{"role":"user","content":"a","content":"b"}]}""", 0)]
    [InlineData("chat", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}]}""", 0)]
    [InlineData("chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"a","text":"b"}]}]}""", 0)]
    [InlineData("chat", """{"messages":[]}""", 0)]
    [InlineData("messages", """{"system":"s","messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"a"}]},{"type":"text","text":"@"}]}]}""", 1)]
    [InlineData("responses", """{"instructions":"i","input":"@"}""", 1)]
    [InlineData("responses", """{"input":[{"role":"user","content":"a"},{"type":"message","role":"user","content":[{"type":"input_text","text":"@"}]}]}""", 1)]
    [InlineData("responses", """{"input":[{"type":"function_call_output","output":"a"}]}""", 0)]
    public void Find_TheUsersLastWords_AndNothingElse(string operation, string body, int count)
    {
        var holes = new int[LastTurn.MostTexts];
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal(count, LastTurn.Find(bytes, Of(operation), MaxDepth, holes));
        foreach (var hole in holes.Take(count)) Assert.Equal("\"@\"", Encoding.UTF8.GetString(bytes.AsSpan(hole, 3)));
    }

    [Fact]
    public void Find_MoreTextsThanAreCompared_IsNone()
    {
        var parts = string.Join(',', Enumerable.Repeat("""{"type":"text","text":"a"}""", LastTurn.MostTexts + 1));
        Assert.Equal(0, LastTurn.Find(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":[{{parts}}]}]}"""), Operation.ChatCompletions, MaxDepth, new int[LastTurn.MostTexts]));
    }

    [Fact]
    public void Canonical_WithHoles_DiffersOnlyOutsideThem()
    {
        const string body = """{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}],"temperature":0.5}""";
        Assert.Equal(Canonical(body), Canonical(body.Replace("\"b\"", "\"quite another one\"", StringComparison.Ordinal)));
        Assert.NotEqual(Canonical(body), Canonical(body.Replace("\"a\"", "\"c\"", StringComparison.Ordinal)));
        Assert.NotEqual(Canonical(body), Canonical(body.Replace("0.5", "0.6", StringComparison.Ordinal)));
        Assert.NotEqual(Canonical(body), Canonical(body.Replace("\"b\"", "[{\"type\":\"text\",\"text\":\"b\"}]", StringComparison.Ordinal)));
        // No text can be written like a hole.
        Assert.NotEqual(Canonical(body), Encoding.UTF8.GetString(Written(body, [])));
    }

    private static string Canonical(string body)
    {
        var holes = new int[LastTurn.MostTexts];
        var count = LastTurn.Find(Encoding.UTF8.GetBytes(body), Operation.ChatCompletions, MaxDepth, holes);
        return Encoding.UTF8.GetString(Written(body, holes[..count]));
    }

    private static byte[] Written(string body, int[] holes)
    {
        using var output = CanonicalBuffer.Take();
        CanonicalRequest.Write(Encoding.UTF8.GetBytes(body), Operation.ChatCompletions, MaxDepth, output, holes);
        return output.Written.ToArray();
    }

    private static Operation Of(string name) => name switch { "chat" => Operation.ChatCompletions, "messages" => Operation.Messages, _ => Operation.Responses };
}
