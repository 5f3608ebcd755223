using System.Text;
using AspireGateway.Gateway.Guardrails.Media;

namespace AspireGateway.Gateway.Tests.Guardrails.Media;

/// <summary>Where media stand in bodies of all dialects, and what only looks like it.</summary>
public sealed class BodyMediaReaderTests
{
    [Theory]
    [InlineData("OpenAI chat, data URL", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""", "Inline image/png")]
    [InlineData("OpenAI chat, address", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}""", "Remote")]
    [InlineData("OpenAI chat, address as a string", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://example.com/a.png"}]}]}""", "Remote")]
    [InlineData("OpenAI chat, sound", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""", "Inline audio/wav")]
    [InlineData("OpenAI chat, sound, type behind", """{"messages":[{"role":"user","content":[{"input_audio":{"format":"mp3","data":"AAAA"},"type":"input_audio"}]}]}""", "Inline audio/mp3")]
    [InlineData("OpenAI chat, file", """{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}}]}]}""", "Inline application/pdf")]
    [InlineData("OpenAI chat, file by id", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""", "Remote")]
    [InlineData("Responses, picture", """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}]}""", "Inline image/png")]
    [InlineData("Responses, picture by id", """{"input":[{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}]}""", "Remote")]
    [InlineData("Responses, file", """{"input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"AAAA"}]}]}""", "Inline")]
    [InlineData("Responses, file by address", """{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://example.com/a.pdf"}]}]}""", "Remote")]
    [InlineData("Responses, screenshot", """{"input":[{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,AAAA"}}]}""", "Inline image/png")]
    [InlineData("Anthropic, base64", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""", "Inline image/png")]
    [InlineData("Anthropic, base64 in another order", """{"messages":[{"role":"user","content":[{"source":{"data":"AAAA","media_type":"image/png","type":"base64"},"type":"image"}]}]}""", "Inline image/png")]
    [InlineData("Anthropic, address", """{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}]}]}""", "Remote")]
    [InlineData("Anthropic, file", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"file_1"}}]}]}""", "Remote")]
    [InlineData("Anthropic, in a tool's result", """{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/gif","data":"AAAA"}}]}]}]}""", "Inline image/gif")]
    [InlineData("Gemini, inline", """{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]}""", "Inline image/png")]
    [InlineData("Gemini, inline, snake case", """{"contents":[{"parts":[{"inline_data":{"mime_type":"audio/mp3","data":"AAAA"}}]}]}""", "Inline audio/mp3")]
    [InlineData("Gemini, file", """{"contents":[{"parts":[{"fileData":{"mimeType":"video/mp4","fileUri":"gs://b/a.mp4"}}]}]}""", "Remote")]
    [InlineData("Bedrock", """{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"bytes":"AAAA"}}}]}]}""", "Inline")]
    [InlineData("Vertex", """{"instances":[{"image":{"bytesBase64Encoded":"AAAA"}}]}""", "Inline")]
    [InlineData("Embeddings of pictures", """{"model":"m","images":["data:image/png;base64,AAAA","data:image/gif;base64,AAAA"]}""", "Inline image/png,Inline image/gif")]
    [InlineData("Model context protocol", """{"content":[{"type":"image","data":"AAAA","mimeType":"image/png"}]}""", "Inline image/png")]
    [InlineData("Names in escapes", """{"content":[{"t\u0079pe":"image_url","image\u005furl":{"ur\u006c":"\u0064ata:image/png;base64,AAAA"}}]}""", "Inline image/png")]
    [InlineData("A scheme in capitals", """{"image_url":{"url":"DATA:image/png;base64,AAAA"}}""", "Inline image/png")]
    [InlineData("The same name twice", """{"source":{"type":"base64","data":"AAAA","data":"BBBB"}}""", "Inline,Inline")]
    public void Body_OfADialect_ShowsItsMedia(string dialect, string body, string found)
    {
        var media = MediaWorld.Read(body);
        var read = new List<string>();
        foreach (var item in media.Items)
        {
            using var bytes = MediaBytes.Read(media.Body, item);
            read.Add($"{item.Encoding} {bytes?.Declared ?? item.Declared}".TrimEnd());
            // The place is that of the whole value.
            Assert.True(Encoding.UTF8.GetString(media.Body.Span[item.Start..item.End]) is ['"', .., '"'], dialect);
        }
        Assert.Equal(found, string.Join(',', read));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"see https://example.com/a.png and data:image/png;base64,AAAA"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"some words"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"content","content":[{"type":"text","text":"words"}]}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"search_result","source":"https://example.com","title":"t","content":[{"type":"text","text":"words"}]}]}]}""")]
    [InlineData("""{"mcp_servers":[{"type":"url","url":"https://mcp.example.com/sse","name":"x"}]}""")]
    [InlineData("""{"tools":[{"type":"mcp","server_url":"https://mcp.example.com"}]}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"data":{"type":"string"},"url":{"type":"string"},"file":{"type":"string"}}}}}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"redacted_thinking","data":"AAAA"}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"AAAA"}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","audio":{"id":"audio_1"}}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x","annotations":[{"type":"url_citation","url_citation":{"url":"https://example.com","title":"t"}}]}]}""")]
    [InlineData("""{"input":[{"role":"assistant","content":[{"type":"output_text","text":"x","annotations":[{"type":"file_citation","file_id":"file-1"}]}]}]}""")]
    [InlineData("""{"input":[{"type":"reasoning","encrypted_content":"AAAA"}]}""")]
    [InlineData("""{"messages":[{"role":"tool","content":"{\"url\":\"https://example.com\"}"}]}""")]
    [InlineData("""{"metadata":{"format":"date","data":"2026-11-30","bytes":"12"}}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"fetch","input":{"url":"https://example.com/a.png"}}]}]}""")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"schema":{"properties":{"image_url":{"type":"string"}}}}}}""")]
    [InlineData("""{"contents":[{"parts":[{"text":"words"},{"functionCall":{"name":"f","args":{"data":"x"}}}]}]}""")]
    [InlineData("""{"model":"m","input":"words"}""")]
    [InlineData("""{"model":"m","input":["data","image","source"],"file":null}""")]
    [InlineData("[]")]
    [InlineData("12")]
    public void Body_WithoutMedia_ShowsNone(string body) => Assert.Equal(0, MediaWorld.Read(body).Items.Length);
}
