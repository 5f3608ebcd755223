using System.Text;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Tests.Ingress;

/// <summary>What the reader counts of a prompt, for the bounds of its cost.</summary>
public sealed class PromptShapeTests
{
    private const string Picture = "iVBORw0KGgo";

    [Fact]
    public void TextOnly_HasNothingUnusual()
    {
        var facts = Read("""{"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"n":1}""");

        Assert.Equal(2, facts.Messages);
        Assert.Equal(1, facts.Tools);
        Assert.Null(facts.Unusual);
        Assert.Equal(facts.Body.Length, facts.TextBytes);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,PIC","detail":"low"}}]}]}""", "chat", 1, 33)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/png;base64,PIC"}}]}]}""", "chat", 1, 34)]
    [InlineData("""{"messages":[{"role":"user","content":[{"image_url":{"url":"https://x/y.png"},"typ\u0065":"text"}]}]}""", "chat", 1, 0)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,PIC"}]}]}""", "responses", 1, 33)]
    [InlineData("""{"input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"data:image/png;base64,PIC"}]}]}""", "responses", 1, 33)]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"PIC"}}]}]}""", "messages", 1, 11)]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"source":{"data":"PIC","media_type":"image/png","type":"base64"},"type":"image"},{"type":"image","source":{"type":"url","url":"https://x"}}]}]}""", "messages", 2, 11)]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","data":"PIC"}}]}]}]}""", "messages", 1, 11)]
    public void Pictures_AreCountedAndTheirBytesAreNoText(string body, string operation, int images, int mediaBytes)
    {
        var facts = Read(body.Replace("PIC", Picture, StringComparison.Ordinal), Of(operation));

        Assert.Equal(images, facts.Unusual!.Images);
        Assert.Equal(mediaBytes, facts.Unusual.MediaBytes);
        Assert.False(facts.Unusual.HasUnknownInput);
    }

    [Theory]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"write","input":{"type":"base64","data":"words words","image_url":"data:image/png;base64,words"}}]}]}""")]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":"data:image/png;base64,words"}]}]}""")]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"data":"words","x":{"type":"base64"}}]}]}""")]
    public void Words_ThatLookLikeMedia_StayText(string body)
    {
        var facts = Read(body, Operation.Messages);

        Assert.Null(facts.Unusual);
        Assert.Equal(facts.Body.Length, facts.TextBytes);
    }

    [Fact]
    public void Recording_IsCountedWithItsBytes()
    {
        var unusual = Read("""{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]}],"modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"}}""").Unusual!;

        Assert.Equal(1, unusual.Recordings);
        Assert.Equal(8, unusual.RecordingBytes);
        Assert.Equal(8, unusual.MediaBytes);
        Assert.Equal(0, unusual.Images);
        Assert.True(unusual.MaySpeak);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""", "chat")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0=","filename":"a.pdf"}}]}]}""", "chat")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":"https://x"}}]}]}""", "chat")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:application/pdf;base64,JVBERi0="}}]}]}""", "chat")]
    [InlineData("""{"messages":[{"role":"assistant","audio":{"id":"a"}}]}""", "chat")]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://x"}}]}]}""", "messages")]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"typ\u0065":"docum\u0065nt","source":{"type":"base64","data":"JVBERi0="}}]}]}""", "messages")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://x"}]}]}""", "responses")]
    [InlineData("""{"input":[{"type":"item_reference","id":"i"}]}""", "responses")]
    [InlineData("""{"input":"Hi","previous_response_id":"r"}""", "responses")]
    [InlineData("""{"input":"Hi","conversation":{"id":"c"}}""", "responses")]
    [InlineData("""{"input":"Hi","prompt":{"id":"p"}}""", "responses")]
    public void Content_OfUnknownSize_IsSeen(string body, string operation) => Assert.True(Read(body, Of(operation)).Unusual!.HasUnknownInput);

    [Theory]
    [InlineData("""{"input":"Hi","previous_response_id":null,"conversation":null,"service_tier":null}""")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}],"tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"}]}""")]
    public void Nulls_AndOwnTools_AreNothingUnusual(string body) => Assert.Null(Read(body, Operation.Responses).Unusual);

    [Theory]
    [InlineData("""{"input":"Hi","tools":[{"type":"web_search"},{"type":"mcp","server_url":"https://x"}]}""", "responses", 2, 0)]
    [InlineData("""{"input":"Hi","tools":[{"type":"local_shell"}]}""", "responses", 0, 1)]
    [InlineData("""{"max_tokens":1,"messages":[1],"tools":[{"type":"web_search_20250305","name":"web_search"},{"type":"bash_20250124","name":"bash"},{"name":"own","input_schema":{"type":"web_search"}}]}""", "messages", 1, 1)]
    [InlineData("""{"messages":[1],"web_search_options":{}}""", "chat", 1, 0)]
    public void Tools_OfTheProvider_AreCounted(string body, string operation, int server, int builtIn)
    {
        var unusual = Read(body, Of(operation)).Unusual!;

        Assert.Equal(server, unusual.ServerTools);
        Assert.Equal(builtIn, unusual.BuiltInTools);
    }

    [Theory]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}]}""", false)]
    [InlineData("""{"max_tokens":1,"messages":[1],"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]}""", true)]
    [InlineData("""{"max_tokens":1,"messages":[1],"tools":[{"name":"a","cache_control":{"type":"ephemeral","ttl":"5m"}}]}""", false)]
    [InlineData("""{"max_tokens":1,"messages":[1],"cache_control":{"type":"ephemeral","ttl":"1h"}}""", true)]
    public void CacheMarkers_AreFoundWhereverTheyStand(string body, bool isLong) =>
        Assert.Equal(isLong ? CacheWish.Hour : CacheWish.Usual, Read(body, Operation.Messages).Unusual!.Cache);

    [Fact]
    public void ChoicesTierAndPrediction_AreRead()
    {
        var unusual = Read("""{"messages":[1],"n":3,"service_tier":"priority","prediction":{"type":"content","content":"x"}}""").Unusual!;

        Assert.Equal(3, unusual.Choices);
        Assert.Equal("priority", unusual.ServiceTier);
        Assert.Equal("""{"type":"content","content":"x"}""".Length, unusual.PredictionBytes);
    }

    [Theory]
    [InlineData("""{"messages":[1],"n":1,"n":9}""", "n")]
    [InlineData("""{"messages":[1],"service_tier":"flex","service_tier":"priority"}""", "service_tier")]
    public void Fields_ThatDecideThePrice_MayStandOnlyOnce(string body, string field)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var facts = new RequestFacts(bytes, bytes.Length);

        Assert.Equal(field, RequestFactsReader.Read(facts, Operation.ChatCompletions, 64)!.Param);
    }

    [Fact]
    public void Embeddings_CountTheirTexts()
    {
        Assert.Equal(2, Read("""{"input":["a","b"]}""", Operation.Embeddings).Messages);
        Assert.Equal(1, Read("""{"input":"a"}""", Operation.Embeddings).Messages);
        Assert.Equal(0, Read("""{"input":[1,2,3]}""", Operation.Embeddings).Messages);
        Assert.Equal(2, Read("""{"input":[[1,2],[3]]}""", Operation.Embeddings).Messages);
    }

    [Fact]
    public void TextOnly_IsReadWithoutMemory()
    {
        var body = """{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"type":"function","function":{"name":"f"}}],"max_tokens":9}"""u8.ToArray();
        var facts = new RequestFacts(body, body.Length);
        RequestFactsReader.Read(facts, Operation.ChatCompletions, 64);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) RequestFactsReader.Read(facts, Operation.ChatCompletions, 64);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Operation Of(string name) => name switch { "messages" => Operation.Messages, "responses" => Operation.Responses, _ => Operation.ChatCompletions };

    private static RequestFacts Read(string body, Operation? operation = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var facts = new RequestFacts(bytes, bytes.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation ?? Operation.ChatCompletions, 64));
        return facts;
    }
}
