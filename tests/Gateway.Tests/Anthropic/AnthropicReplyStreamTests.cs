using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Streams of providers that do not send as Anthropic does, written as its callers read them.</summary>
public sealed class AnthropicReplyStreamTests
{
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly IReplyStreamWriter writer;

    public AnthropicReplyStreamTests() => writer = new AnthropicReplyDialect().OpenStream(AnthropicCase.Context, output);

    [Fact]
    public void ToolCalls_ThatComeMixed_AreWrittenOneAfterTheOther()
    {
        Start(0, PartKind.Text);
        Delta(0, PartKind.Text, "I shall.");
        Stop(0, PartKind.Text);
        Start(1, PartKind.ToolCall, "call_a", "f");
        Start(2, PartKind.ToolCall, "call_b", "g");
        Delta(1, PartKind.ToolCall, "{\\\"a\\\":");
        Delta(2, PartKind.ToolCall, "{\\\"b\\\":");
        Start(3, PartKind.ToolCall, "", "h");
        Delta(1, PartKind.ToolCall, "1}");
        Delta(2, PartKind.ToolCall, "2}");
        Stop(1, PartKind.ToolCall);
        Stop(2, PartKind.ToolCall);
        Finish(FinishReason.ToolCalls);

        Assert.Equal(
            [
                "message_start",
                "0 start text", "0 text_delta I shall.", "0 stop",
                "1 start tool_use call_a f", "1 input_json_delta {\"a\":", "1 input_json_delta 1}", "1 stop",
                "2 start tool_use call_b g", "2 input_json_delta {\"b\":2}", "2 stop",
                "3 start tool_use toolu_01936d3e00007000800000000000000103 h", "3 stop",
                "message_delta tool_use", "message_stop",
            ],
            Ended());
    }

    [Fact]
    public void Proofs_InPieces_AreWrittenAsOne()
    {
        Start(0, PartKind.Thinking);
        Delta(0, PartKind.Thinking, "hm");
        Signature(0, PartKind.Thinking, "c2l");
        Signature(0, PartKind.Thinking, "nbg==");
        Stop(0, PartKind.Thinking);

        Assert.Equal(["message_start", "0 start thinking", "0 thinking_delta hm", "0 signature_delta c2lnbg==", "0 stop", "message_delta end_turn", "message_stop"], Ended());
    }

    [Fact]
    public void Proofs_OfToolCalls_TravelInARedactedThoughtAndComeBack()
    {
        Start(0, PartKind.ToolCall, "call_a", "f");
        Delta(0, PartKind.ToolCall, "{}");
        Signature(0, PartKind.ToolCall, "cHJvb2Y=");
        Stop(0, PartKind.ToolCall);
        Start(1, PartKind.Text);
        Delta(1, PartKind.Text, "x");
        Finish(FinishReason.Stop);

        Assert.Equal(
            [
                "message_start", "0 start tool_use call_a f", "0 input_json_delta {}", "0 stop", "1 start redacted_thinking gateway-tool-signature:call_a:cHJvb2Y=", "1 stop",
                "2 start text", "2 text_delta x", "2 stop", "message_delta tool_use", "message_stop",
            ],
            Ended());
    }

    [Fact]
    public void Refusals_AreWordsAndAStopReason()
    {
        Start(0, PartKind.Refusal);
        Delta(0, PartKind.Refusal, "No.");
        Stop(0, PartKind.Refusal);
        Finish(FinishReason.Stop);

        Assert.Equal(["message_start", "0 start text", "0 text_delta No.", "0 stop", "message_delta refusal", "message_stop"], Ended());
    }

    [Fact]
    public void Stream_OfNothing_IsStillAMessage() => Assert.Equal(["message_start", "message_delta end_turn", "message_stop"], Ended());

    [Fact]
    public void Waiting_BeyondItsBound_FailsVisibly()
    {
        var piece = new string('x', 1024 * 1024);
        Start(0, PartKind.ToolCall, "a", "f");
        Start(1, PartKind.ToolCall, "b", "g");
        for (var i = 0; i < 20; i++) Delta(1, PartKind.ToolCall, piece);
        Finish(FinishReason.ToolCalls);

        var events = Ended();

        Assert.Equal("error api_error", events[^1]);
        Assert.Single(events, one => one.StartsWith("error", StringComparison.Ordinal));
        Assert.True(output.WrittenCount < 4096);
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData(" {\\\"a\\\": [1]} ", """{"a": [1]}""")]
    [InlineData("{\\\"a\\\": [1", """{"_invalid_json":"{\"a\": [1"}""")]
    [InlineData("7", """{"_invalid_json":"7"}""")]
    [InlineData("{} {}", """{"_invalid_json":"{} {}"}""")]
    [InlineData("\\ud800", """{"_invalid_json":"\ud800"}""")]
    public void Arguments_OfAWholeReply_AreAnObject(string escaped, string expected)
    {
        var reply = new ChatReply();
        var choice = new ReplyChoice { FinishReason = FinishReason.ToolCalls };
        choice.Parts.Add(new ReplyPart { Kind = PartKind.ToolCall, Id = JsonText.Of("call_a"), Name = JsonText.Of("f"), Text = JsonText.CopyOfEscaped(Encoding.UTF8.GetBytes(escaped)) });
        reply.Choices.Add(choice);

        using var json = JsonDocument.Parse(AnthropicCase.WriteReply(reply));

        Assert.Equal(expected, json.RootElement.GetProperty("content")[0].GetProperty("input").GetRawText().Trim());
        Assert.Equal("tool_use", json.RootElement.GetProperty("stop_reason").GetString());
        Assert.Equal("up \"x\"", json.RootElement.GetProperty("model").GetString());
    }

    private void Start(int part, PartKind kind, string id = "", string name = "") =>
        writer.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Part = part, PartKind = kind, Id = Encoding.UTF8.GetBytes(id), Name = Encoding.UTF8.GetBytes(name) });

    private void Delta(int part, PartKind kind, string text) =>
        writer.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = part, PartKind = kind, Text = Encoding.UTF8.GetBytes(text) });

    private void Signature(int part, PartKind kind, string text) =>
        writer.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = part, PartKind = kind, Text = Encoding.UTF8.GetBytes(text) });

    private void Stop(int part, PartKind kind) => writer.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Part = part, PartKind = kind });

    private void Finish(FinishReason reason) => writer.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, FinishReason = reason });

    private List<string> Ended()
    {
        writer.WriteClosing();
        writer.WriteTerminal();
        return [.. AnthropicCase.DataOf(output.WrittenSpan).Select(Line)];
    }

    private static string Line(byte[] data)
    {
        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        var type = Text(root, "type");
        if (type is "message_start" or "message_stop") return type;
        if (type == "message_delta") return $"{type} {Text(root.GetProperty("delta"), "stop_reason")}";
        if (type == "error") return $"{type} {Text(root.GetProperty("error"), "type")}";
        var index = root.GetProperty("index").GetInt32();
        if (type == "content_block_stop") return $"{index} stop";
        if (type == "content_block_start")
        {
            var block = root.GetProperty("content_block");
            return string.Join(' ', new[] { $"{index} start {Text(block, "type")}", Text(block, "id"), Text(block, "name"), Text(block, "data") }.Where(word => word.Length > 0));
        }
        var delta = root.GetProperty("delta");
        return $"{index} {Text(delta, "type")} {Text(delta, "text")}{Text(delta, "partial_json")}{Text(delta, "thinking")}{Text(delta, "signature")}";
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
