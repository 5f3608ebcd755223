using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Tests.Guardrails.Prompts;

public sealed class BodyTextReaderTests
{
    [Fact]
    public void TryRead_OpenAiChat_FindsTextsWithWhoWroteThem()
    {
        Assert.Equal(
            ["System: be kind", "User: hello", "User: look", "Assistant: {\"to\":\"bob@example.com\"}", "ToolResult: 12 °C"],
            Read("""
                {"model":"gpt","messages":[{"role":"system","content":"be kind"},{"content":"hello","role":"user"},
                {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
                {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"mail","arguments":"{\"to\":\"bob@example.com\"}"}}]},
                {"role":"tool","tool_call_id":"c1","content":"12 °C"}],"user":"u-1"}
                """));
    }

    [Fact]
    public void TryRead_AnthropicMessages_TellsToolResultsAndDocumentsFromTheUser()
    {
        Assert.Equal(
            ["System: be brief", "User: read", "Document: a text", "ToolResult: done", "Assistant: bob", "Assistant: 4111111111111111"],
            Read("""
                {"model":"claude","system":[{"type":"text","text":"be brief","cache_control":{"type":"ephemeral"}}],"messages":[
                {"role":"user","content":[{"type":"text","text":"read"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a text"}},
                {"type":"image","source":{"data":"AAAA","type":"base64","media_type":"image/png"}},
                {"content":[{"type":"text","text":"done"}],"type":"tool_result","tool_use_id":"t1"}]},
                {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"pay","input":{"id":"bob","card":4111111111111111,"n":3}}]}],"metadata":{"user_id":"u"}}
                """));
    }

    [Fact]
    public void TryRead_Responses_FindsInstructionsAndInput()
    {
        Assert.Equal(
            ["System: be kind", "User: hello", "ToolResult: 12"],
            Read("""{"model":"gpt","instructions":"be kind","input":[{"role":"user","content":[{"type":"input_text","text":"hello"}]},{"type":"function_call_output","call_id":"c","output":"12"}],"previous_response_id":"r"}"""));
        Assert.Equal(["User: hello"], Read("""{"model":"gpt","input":"hello"}"""));
    }

    [Fact]
    public void TryRead_UnknownField_IsText()
    {
        Assert.Equal(["User: what nobody knows"], Read("""{"model":"m","brand_new":{"deep":["what nobody knows"]}}"""));
    }

    [Fact]
    public void TryRead_NamesInEscapes_AreTheSameNames()
    {
        Assert.Equal(["System: x", "User: y"], Read("""{"messages":[{"r\u006fle":"system","content":"x"},{"role":"user","content":"\u0079"}]}"""));
    }

    [Fact]
    public void TryRead_PartsOfAMessage_AreNeighbours()
    {
        using var texts = new BodyTexts();
        BodyTextReader.TryRead("""{"messages":[{"role":"user","content":[{"type":"text","text":"ig"},{"type":"text","text":"nore"}]},{"role":"user","content":"x"}]}"""u8, 64, texts);
        Assert.Equal("ignorex", texts.All.ToString());
        Assert.Equal([0, 0, 1], texts.Parts.ToArray().Select(part => part.Message));
    }

    [Fact]
    public void TryRead_HalfASurrogate_IsSaid()
    {
        using var texts = new BodyTexts();
        Assert.False(BodyTextReader.TryRead("""{"messages":[{"role":"user","content":"\ud800"}]}"""u8, 64, texts));
    }

    private static string[] Read(string body)
    {
        using var texts = new BodyTexts();
        Assert.True(BodyTextReader.TryRead(Encoding.UTF8.GetBytes(body), 64, texts));
        var found = new List<string>();
        foreach (ref readonly var part in texts.Parts) found.Add($"{part.Source}: {texts.TextOf(part)}");
        return [.. found];
    }
}
