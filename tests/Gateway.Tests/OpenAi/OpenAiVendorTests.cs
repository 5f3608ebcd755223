using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Tests.Matrix;

namespace AspireGateway.Gateway.Tests.OpenAi;

public sealed class OpenAiVendorTests
{
    private static readonly string[] Known =
        ["openai", "vllm", "ollama", "groq", "mistral", "deepseek", "together", "openrouter", "xai", "cerebras", "fireworks", "deepinfra", "moonshot", "sglang", "llamacpp", "lmstudio"];

    [Fact]
    public void Vendors_OfTheFolder_AreAllRegistered()
    {
        Assert.Equal(Known.Order(StringComparer.Ordinal), OpenAiVendors.All.Select(vendor => vendor.Protocol).Order(StringComparer.Ordinal));
        foreach (var name in Known) Assert.Equal(name, ProviderModules.Find(name)?.Protocol);
        Assert.All(OpenAiVendors.All, vendor => Assert.True(vendor.BaseUrl.Scheme == "https" || vendor.BaseUrl.IsLoopback, vendor.Protocol));
        Assert.All(OpenAiVendors.All, vendor => Assert.True(vendor.MaxTokensField is "max_tokens" or "max_completion_tokens", vendor.Protocol));
    }

    [Theory]
    [InlineData("""{"protocol":"x","baseUrl":"https://x.example/v1","maxTokensField":"max_tokens","sparkle":1}""")]
    [InlineData("""{"protocol":"x","baseUrl":"https://x.example/v1"}""")]
    [InlineData("""{"protocol":"x","baseUrl":"https://x.example/v1","maxTokensField":"max_tokens","reasoning":"Sometimes"}""")]
    [InlineData("null")]
    public void VendorFile_WithAFault_IsRefused(string json) => Assert.Throws<JsonException>(() => OpenAiVendors.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void VendorFile_WithFewFields_HasTheUsualValues()
    {
        var vendor = OpenAiVendors.Read("""{"protocol":"x","baseUrl":"https://x.example/v1","maxTokensField":"max_tokens"}"""u8);

        Assert.True(vendor is { StreamOptions: true, ImageUrls: true, JsonSchema: true, DeveloperRole: false, Responses: false, Drop: [], Rename.Count: 0, Reasoning: ReasoningRequest.Effort });
    }

    [Theory]
    [InlineData("openai", """{"messages":[{"role":"developer","content":"x"}],"logit_bias":{},"model":"m"}""", """{"messages":[{"role":"developer","content":"x"}],"logit_bias":{},"model":"gpt-5"}""", "")]
    [InlineData("mistral", """{ "seed" : 1, "model":"m", "messages":[{"role":"user","content":"developer"}] }""", """{ "random_seed" : 1, "model":"gpt-5", "messages":[{"role":"user","content":"developer"}] }""", "")]
    [InlineData("mistral", """{"user":"u","logprobs":true,"messages":[1],"model":"m","store":false,"metadata":{"a":1}}""", """{"messages":[1],"model":"gpt-5"}""", "user, logprobs, metadata")]
    [InlineData("mistral", """{"stream":true,"stream_options":{"include_usage":true},"messages":[1]}""", """{"model":"gpt-5","stream":true,"messages":[1]}""", "")]
    [InlineData("mistral", """{"messages":[1],"stream":true,"stream_options":null}""", """{"model":"gpt-5","messages":[1],"stream":true}""", "")]
    [InlineData("mistral", """{"messages":[{"content":"a","role":"developer"},{"role":"user","content":"role developer"},{"role":"assistant","tool_calls":[{"role":"developer"}]}],"model":"m"}""", """{"messages":[{"content":"a","role":"system"},{"role":"user","content":"role developer"},{"role":"assistant","tool_calls":[{"role":"developer"}]}],"model":"gpt-5"}""", "")]
    [InlineData("ollama", """{"max_completion_tokens":5,"messages":[1],"model":"m","n":1,"tool_choice":"auto"}""", """{"max_tokens":5,"messages":[1],"model":"gpt-5"}""", "")]
    [InlineData("ollama", """{"max_tokens":7,"max_completion_tokens":5,"messages":[1],"model":"m","n":2}""", """{"max_tokens":7,"messages":[1],"model":"gpt-5"}""", "n")]
    [InlineData("groq", """{"messages":[1],"model":"m","stream":true}""", """{"messages":[1],"model":"gpt-5","stream":true,"stream_options":{"include_usage":true}}""", "")]
    [InlineData("groq", """{"messages":[1],"model":"m","stream":true,"n":3}""", """{"messages":[1],"model":"gpt-5","stream":true,"stream_options":{"include_usage":true}}""", "n")]
    [InlineData("deepseek", """{"messages":[{"role":"user","content":"\"seed\""}],"model":"m"}""", """{"messages":[{"role":"user","content":"\"seed\""}],"model":"gpt-5"}""", "")]
    public async Task OwnDialect_ForVendor_ChangesOnlyWhatItNeeds(string name, string body, string expected, string dropped)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), Operation.ChatCompletions);
        var names = new DroppedFields();
        var edits = new OpenAiDirectOperation(OpenAiCase.Vendor(name)).EditRequest(facts, Protocols.Deployment("openai"), names);

        Assert.Equal(expected, await OpenAiCase.SplicedAsync(facts, edits));
        Assert.Equal(dropped, names.ToString());
    }

    [Theory]
    [InlineData("openai", """{"messages":[{"role":"user","content":"Hi"}],"max_tokens":5,"top_k":3,"reasoning_effort":"low","seed":1}""", """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":5,"seed":1,"reasoning_effort":"low"}""", "top_k")]
    [InlineData("mistral", """{"messages":[{"role":"developer","content":"Hi"}],"max_tokens":5,"seed":1,"user":"u","stream":true}""", """{"model":"gpt-5","messages":[{"role":"system","content":"Hi"}],"max_tokens":5,"random_seed":1,"stream":true}""", "user")]
    [InlineData("deepseek", """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A","reasoning_content":"B"}],"reasoning_effort":"none","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}}}""", """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A","reasoning_content":"B"}],"thinking":{"type":"disabled"}}""", "response_format")]
    [InlineData("openrouter", """{"messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"A","reasoning_details":[{"type":"reasoning.text","text":"B","signature":"C"}]}],"reasoning":{"max_tokens":100,"exclude":true}}""", """{"model":"gpt-5","messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"A","reasoning_details":[{"type":"reasoning.text","text":"B","signature":"C"}]}],"reasoning":{"max_tokens":100,"exclude":true}}""", "")]
    [InlineData("groq", """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"toolu_01","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"toolu_01","content":"x"}],"thinking":{"type":"enabled","budget_tokens":9000}}""", """{"model":"gpt-5","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"toolu_01","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"toolu_01","content":"x"}],"reasoning_effort":"medium"}""", "")]
    public void NeutralRequest_ForVendor_IsWrittenAsItTakesIt(string name, string body, string expected, string dropped)
    {
        var request = new ChatRequest();
        Assert.Null(new OpenAiRequestDialect().Read(Encoding.UTF8.GetBytes(body), request));
        var names = new DroppedFields();

        var (json, refusal) = OpenAiCase.Write(request, OpenAiCase.Vendor(name), names);

        Assert.Null(refusal);
        Assert.Equal(expected, Encoding.UTF8.GetString(json));
        Assert.Equal(dropped, names.ToString());
    }

    [Theory]
    [InlineData("ollama", """{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}""", "messages[0].content[0]")]
    [InlineData("groq", """{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}""", "messages[0].content[0]")]
    [InlineData("vllm", """{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}""", "messages[0].content[0]")]
    [InlineData("openai", """{"type":"file","file":{"file_id":"file-1"}}""", "messages[0].content[0]")]
    public void Content_ThatAVendorCannotTake_IsRefusedAndNeverLeftOut(string name, string part, string param)
    {
        var request = new ChatRequest();
        Assert.Null(new OpenAiRequestDialect().Read(Encoding.UTF8.GetBytes("{\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]}"), request));

        Assert.Equal(param, OpenAiCase.Write(request, OpenAiCase.Vendor(name), new DroppedFields()).Refusal?.Param);
    }

    [Fact]
    public void ToolIds_ForMistral_AreShortAndStillMatch()
    {
        var request = new ChatRequest();
        Assert.Null(new OpenAiRequestDialect().Read(
            """{"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"toolu_01AbCdEf","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"abc123XYZ","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"toolu_01AbCdEf","content":"x"},{"role":"tool","tool_call_id":"abc123XYZ","content":"y"}]}"""u8.ToArray(), request));

        using var body = JsonDocument.Parse(OpenAiCase.Write(request, OpenAiCase.Vendor("mistral"), new DroppedFields()).Json);
        var messages = body.RootElement.GetProperty("messages");
        var mapped = messages[0].GetProperty("tool_calls")[0].GetProperty("id").GetString()!;
        Assert.Matches("^[a-zA-Z0-9]{9}$", mapped);
        Assert.Equal(mapped, messages[1].GetProperty("tool_call_id").GetString());
        Assert.Equal("abc123XYZ", messages[0].GetProperty("tool_calls")[1].GetProperty("id").GetString());
        Assert.Equal("abc123XYZ", messages[2].GetProperty("tool_call_id").GetString());
    }
}
