using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Tasks;

namespace AspireGateway.Gateway.Tests.Routing.Tasks;

/// <summary>Which words of a body say the task, whatever the dialect.</summary>
public sealed class PromptReaderTests
{
    [Fact]
    public void LastUserMessage_IsRead_AndTurnsAreCounted()
    {
        var view = Read("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"first"},{"role":"assistant","content":"no"},{"content":"second","role":"user"}]}""");

        Assert.Equal("second", Text(view.User));
        Assert.Equal("Be kind.", Text(view.System));
        Assert.Equal(2, view.Turns);
    }

    [Fact]
    public void Parts_AreJoined_AndOthersLeftOut()
    {
        var view = Read("""{"messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"text":"two","type":"text"}]}]}""");

        Assert.Equal("one\ntwo", Text(view.User));
    }

    [Fact]
    public void Escapes_AreDecoded_AndHalfAPairBecomesAQuestionMark()
    {
        var view = Read("""{"messages":[{"role":"user","content":"a\n\"b\" \u00e4 \ud83d\ude42 \ud83d. \\ \/"}]}""");

        Assert.Equal("a\n\"b\" ä 🙂 ?. \\ /", Text(view.User));
        Assert.Equal(Text(view.User), view.Characters.ToString());
    }

    [Fact]
    public void Anthropic_SystemIsAFieldOfItsOwn_AndToolResultsAreNoWordsOfTheUser()
    {
        var view = Read(
            """
            {"system":[{"type":"text","text":"You classify."}],"messages":[{"role":"user","content":"What is it?"},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"42"}]}]}],"max_tokens":5}
            """, Operation.Messages);

        Assert.Equal("What is it?", Text(view.User));
        Assert.Equal("You classify.", Text(view.System));
        Assert.Equal(1, view.Turns);
    }

    [Fact]
    public void Responses_InputMayBeATextOrItems()
    {
        var text = Read("""{"input":"hello","instructions":"Be brief.","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}""", Operation.Responses);
        Assert.Equal("hello", Text(text.User));
        Assert.Equal("Be brief.", Text(text.System));
        Assert.True(text.HasJsonSchema);

        var items = Read(
            """{"input":[{"role":"user","content":[{"type":"input_text","text":"hi"},{"type":"input_file","file_id":"f"}]},{"type":"function_call_output","output":"x"}]}""", Operation.Responses);
        Assert.Equal("hi", Text(items.User));
        Assert.Equal(1, items.Documents);
        Assert.False(items.HasJsonSchema);
    }

    [Theory]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}""", true)]
    [InlineData("""{"type":"json_object"}""", false)]
    [InlineData("""{"type":"text","schema":{"properties":{"type":{"type":"json_schema"}}}}""", false)]
    [InlineData("null", false)]
    public void JsonSchema_IsSeen(string format, bool expected) =>
        Assert.Equal(expected, Read($$"""{"response_format":{{format}},"messages":[{"role":"user","content":"x"}]}""").HasJsonSchema);

    [Fact]
    public void LongMessage_KeepsItsBeginningAndItsEnd()
    {
        var view = Read($$"""{"messages":[{"role":"user","content":"BEGIN {{string.Concat(Enumerable.Repeat("größe \\u00e4 ", 20_000))}}END"}]}""");

        Assert.True(view.User.Length <= PromptView.UserBytes);
        Assert.StartsWith("BEGIN größe ä", Text(view.User), StringComparison.Ordinal);
        Assert.EndsWith("größe ä END", Text(view.User), StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', Text(view.User));
    }

    [Fact]
    public void EveryCut_LeavesWholeCharacters()
    {
        var escaped = Encoding.UTF8.GetBytes("aä\\u00e4🙂\\ud83d\\ude42\\n字");
        Span<byte> room = stackalloc byte[64];
        for (var length = 0; length <= 32; length++)
        {
            var written = EscapedText.Decode(escaped, room[..length], out var read);
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(room[..written]));
            // What was left goes on where it stopped.
            var rest = EscapedText.Decode(escaped.AsSpan(read), room[written..], out _);
            Assert.Equal("aää🙂🙂\n字", Encoding.UTF8.GetString(room[..(written + rest)]));
        }
    }

    [Fact]
    public void NextPrompt_SeesNothingOfTheOneBefore()
    {
        Read("""{"messages":[{"role":"system","content":"secret"},{"role":"user","content":"secret words"}],"response_format":{"type":"json_schema"}}""");

        var view = Read("""{"messages":[{"role":"assistant","content":"x"}]}""");

        Assert.True(view.User.IsEmpty && view.System.IsEmpty && view.Characters.IsEmpty);
        Assert.Equal((0, 0, false), (view.Turns, view.Documents, view.HasJsonSchema));
    }

    [Fact]
    public void Read_AllocatesNothing()
    {
        using var facts = Facts("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Summarise \u00e4 this, please."}]}]}""", Operation.ChatCompletions);
        _ = PromptReader.Read(facts).Characters.Length;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _ = PromptReader.Read(facts).Characters.Length;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static PromptView Read(string body, Operation? operation = null)
    {
        using var facts = Facts(body, operation ?? Operation.ChatCompletions);
        return PromptReader.Read(facts);
    }

    private static RequestFacts Facts(string body, Operation operation)
    {
        var length = Encoding.UTF8.GetByteCount(body);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var facts = new RequestFacts(buffer, Encoding.UTF8.GetBytes(body, buffer));
        Assert.Null(RequestFactsReader.Read(facts, operation, 64));
        return facts;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
