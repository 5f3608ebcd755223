using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Replies;

public sealed class StreamScreenTests
{
    [Fact]
    public void TryTake_OpenAiPlaceholderOverThreeChunks_IsRestoredWhole()
    {
        var output = Run(
            Masking("bob@example.com"), Dialect.OpenAi,
            Chunk("Write to <EM"), Chunk("AIL"), Chunk("_1> now"), """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "[DONE]");

        Assert.Equal("Write to bob@example.com now", WordsOf(output));
        Assert.EndsWith("data: [DONE]\n\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TryTake_TextThatOnlyBeginsLikeAPlaceholder_ComesBeforeTheFinish()
    {
        var output = Run(Masking("x"), Dialect.OpenAi, Chunk("a <EMAIL"), """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");

        Assert.Equal("a <EMAIL", WordsOf(output));
        Assert.True(output.LastIndexOf("<EMAIL", StringComparison.Ordinal) < output.IndexOf("\"stop\"", StringComparison.Ordinal));
    }

    [Fact]
    public void TryTake_FinishInTheSameChunk_LosesNothing()
    {
        Assert.Equal("a <EMAIL", WordsOf(Run(Masking("x"), Dialect.OpenAi, """{"choices":[{"index":0,"delta":{"content":"a <EMAIL"},"finish_reason":"stop"}]}""")));
    }

    [Fact]
    public void TryTake_TwoChoices_AreTwoTexts()
    {
        var output = Run(
            Masking("bob"), Dialect.OpenAi, Chunk("<EMA", 0), Chunk("<EM", 1), Chunk("IL_1>", 0), Chunk("AIL_1>!", 1),
            """{"choices":[{"delta":{},"index":0,"finish_reason":"stop"}]}""", """{"choices":[{"delta":{},"index":1,"finish_reason":"stop"}]}""");

        Assert.Equal(("bob", "bob!"), (WordsOf(output), WordsOf(output, 1)));
    }

    [Fact]
    public void TryTake_ArgumentsOfACall_AreRestoredAsJson()
    {
        var output = Run(
            Masking("say \"hi\""), Dialect.OpenAi,
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"mail","arguments":"{\"to\":\"<EM"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"AIL_1>\"}"}}]}}]}""");

        var arguments = string.Concat(EventsOf(output).Select(e => e.GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()));
        Assert.Equal("say \"hi\"", JsonDocument.Parse(arguments).RootElement.GetProperty("to").GetString());
    }

    [Fact]
    public void TryTake_AnthropicBlock_GivesItsRestBeforeItStops()
    {
        var output = Run(
            Masking("bob"), Dialect.Anthropic,
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"to <EMAIL"}}""", """{"type":"ping"}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"_1> or <EMAI"}}""", """{"type":"content_block_stop","index":0}""");

        var events = EventsOf(output).ToList();
        Assert.Equal("to bob or <EMAI", string.Concat(events.Where(e => e.TryGetProperty("delta", out _)).Select(e => e.GetProperty("delta").GetProperty("text").GetString())));
        Assert.Equal("content_block_stop", events[^1].GetProperty("type").GetString());
    }

    [Fact]
    public void TryTake_Responses_RestoresPiecesAndTheWholeAlike()
    {
        var output = Run(
            Masking("bob"), Dialect.OpenAiResponses,
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"hi <EMAIL"}""",
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"_1>"}""",
            """{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"hi <EMAIL_1>"}""",
            """{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"hi <EMAIL_1>"}]}]}}""");

        Assert.DoesNotContain("EMAIL", output.Replace("hi \"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var events = EventsOf(output).ToList();
        Assert.Equal("hi bob", string.Concat(events.Where(e => e.TryGetProperty("delta", out _)).Select(e => e.GetProperty("delta").GetString())));
        Assert.Equal("hi bob", events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("sequence_number before the delta", """{"type":"response.output_text.delta","sequence_number":#,"output_index":0,"content_index":0,"delta":"@"}""")]
    [InlineData("sequence_number behind the delta", """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"@","sequence_number":#,"x":1}""")]
    public void TryTake_ResponsesWithCopies_AreNumberedWithoutGapOrRepetition(string _, string delta)
    {
        var number = 0;
        string[] pieces = ["a <EM", "AIL_1> b", " <EMAIL", "_1> and <EMA"];
        string[] events =
        [
            """{"type":"response.created","sequence_number":0,"response":{"output":[]}}""",
            .. pieces.Select(piece => delta.Replace("#", (++number).ToString(null, null), StringComparison.Ordinal).Replace("@", piece, StringComparison.Ordinal)),
            """{"type":"response.output_text.done","sequence_number":5,"output_index":0,"content_index":0,"text":"a <EMAIL_1> b <EMAIL_1> and <EMA"}""",
            .. pieces.Select((piece, at) => delta.Replace("#", (at + 6).ToString(null, null), StringComparison.Ordinal).Replace("@", piece, StringComparison.Ordinal).Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal)),
            """{"response":{"output":[]},"sequence_number":10,"type":"response.completed"}""",
        ];
        var numbers = EventsOf(Run(Masking("bob"), Dialect.OpenAiResponses, events)).Select(e => e.GetProperty("sequence_number").GetInt32()).ToList();

        // Each text ends in what could have become a placeholder, which a copy carries.
        Assert.Equal(events.Length + 2, numbers.Count);
        Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);

        // What is cut off is numbered, too: the copy that ends it follows the last.
        numbers = [.. EventsOf(Run(Masking("bob"), Dialect.OpenAiResponses, events[..5])).Select(e => e.GetProperty("sequence_number").GetInt32())];
        Assert.Equal(Enumerable.Range(0, 6), numbers);
    }

    [Fact]
    public void TryTake_ResponsesWithoutCopies_PassByteForByte()
    {
        string[] events =
        [
            """{"type":"response.output_text.delta", "sequence_number": 7 ,"output_index":0,"content_index":0,"delta":"whole"}""",
            """{"type":"response.completed","sequence_number":8.0,"response":{"output":[]}}""",
        ];
        Assert.Equal(string.Concat(events.Select(data => $"data: {data}\n\n")), Run(Masking("bob"), Dialect.OpenAiResponses, events));
    }

    [Fact]
    public void TryTake_Block_LetsNothingMoreOut()
    {
        var screened = GuardrailWorld.Screened(GuardrailWorld.Banned(GuardrailActions.Flag, GuardrailActions.Block, "falcon"));
        var screen = new StreamScreen(screened, Dialect.OpenAi, new());
        var output = new ArrayBufferWriter<byte>();

        Assert.True(Take(screen, Chunk("the fal"), output));
        Assert.False(Take(screen, Chunk("con " + new string('x', 100)), output));
        Assert.Equal("1 BANNED_WORD", screen.Verdict!.Found);
        Assert.DoesNotContain("fal", GuardrailWorld.Text(output), StringComparison.Ordinal);
    }

    [Fact]
    public void TryTake_UnknownFieldsAndComments_PassAsTheyCame()
    {
        const string Odd = """{"choices":[{"index":0,"delta":{"content":"x"},"vendor":{"a":[1,2.50]}}],"x_new":"<y>"}""";
        var output = Run(Masking("bob"), Dialect.OpenAi, Odd);

        Assert.Equal($"data: {Odd}\n\n", output);
    }

    private static Screened Masking(string value)
    {
        var screened = GuardrailWorld.Screened(new GuardrailSettings());
        screened.Placeholders.Of("EMAIL", value, restores: true, "");
        return screened;
    }

    private static string Chunk(string text, int choice = 0) => $$$"""{"choices":[{"index":{{{choice}}},"delta":{"content":{{{JsonSerializer.Serialize(text)}}} } }]}""";

    private static string Run(Screened screened, Dialect dialect, params string[] events)
    {
        var screen = new StreamScreen(screened, dialect, new());
        var output = new ArrayBufferWriter<byte>();
        foreach (var data in events) Assert.True(Take(screen, data, output));
        Assert.True(screen.TryEndAll(output));
        return GuardrailWorld.Text(output);
    }

    private static bool Take(StreamScreen screen, string data, ArrayBufferWriter<byte> output)
    {
        var frame = Encoding.UTF8.GetBytes($"data: {data}\n\n");
        return screen.TryTake(frame, 6, frame.Length - 8, output);
    }

    private static IEnumerable<JsonElement> EventsOf(string output) =>
        output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(frame => frame.StartsWith("data: {", StringComparison.Ordinal)).Select(frame => JsonDocument.Parse(frame[6..]).RootElement);

    private static string WordsOf(string output, int choice = 0) => string.Concat(EventsOf(output).SelectMany(e => e.GetProperty("choices").EnumerateArray())
        .Where(c => c.GetProperty("index").GetInt32() == choice && c.GetProperty("delta").TryGetProperty("content", out _)).Select(c => c.GetProperty("delta").GetProperty("content").GetString()));
}
