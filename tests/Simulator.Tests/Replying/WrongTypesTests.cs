using System.Text.Json.Nodes;

namespace AspireGateway.Simulator.Tests.Replying;

/// <summary>Whatever stands where something else belongs: a provider refuses or answers, it does not break.</summary>
public sealed class WrongTypesTests : SimulatorTest
{
    private static readonly string[] Strangers = ["null", "true", "1.5", "-1", "1e30", "\"x\"", "[]", "[null]", "[[]]", "{}", "{\"type\":7}"];

    public static TheoryData<string, string> Bodies => new()
    {
        {
            "v1/chat/completions",
            """{"model":"m","n":2,"max_tokens":9,"logprobs":true,"stop":["x"],"tool_choice":{"type":"function","function":{"name":"f"}},"reasoning_effort":"low","stream":false,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string","maxLength":5},"b":{"type":"array","minItems":1,"items":{"enum":[1]}},"c":{"anyOf":[{"type":"integer","minimum":3}]}},"required":["a"]}}}],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},"messages":[{"role":"user","content":[{"type":"text","text":"call f"},{"type":"image_url","image_url":{"url":"https://x/y"}}]},{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}]}"""
        },
        {
            "v1/messages",
            """{"model":"m","max_tokens":3000,"temperature":1,"top_p":1,"stop_sequences":["x"],"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"thinking":{"type":"adaptive","display":"omitted"},"tool_choice":{"type":"auto","disable_parallel_tool_use":true},"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"tools":[{"name":"f","input_schema":{"type":"object","properties":{"a":{"type":"string"}}},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},{"role":"assistant","content":[{"type":"redacted_thinking","data":"x"},{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"r"}]}]}]}"""
        },
        {
            "model/anthropic.claude/converse",
            """{"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],"inferenceConfig":{"maxTokens":9,"temperature":1,"topP":1,"stopSequences":["x"]},"additionalModelRequestFields":{"thinking":{"type":"enabled"}},"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{}"}}}},"toolConfig":{"toolChoice":{"tool":{"name":"f"}},"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object"}}}}]},"messages":[{"role":"user","content":[{"text":"hi"},{"image":{"format":"png","source":{"bytes":"AAAA"}}},{"document":{"format":"pdf","name":"n","source":{"bytes":"AAAA"}}}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"text":"r"},{"json":{}}],"status":"success"}}]}]}"""
        },
        { "model/amazon.titan-embed-text-v2/invoke", """{"inputText":"x","dimensions":256,"normalize":true,"embeddingTypes":["float"]}""" },
        { "model/cohere.embed-x/invoke", """{"texts":["x"],"input_type":"search_query","output_dimension":256,"embedding_types":["float"]}""" },
        {
            "v1beta/models/m:generateContent?key=k",
            """{"systemInstruction":{"parts":[{"text":"s"}]},"generationConfig":{"temperature":1,"topP":1,"topK":3,"candidateCount":2,"maxOutputTokens":9,"stopSequences":["x"],"thinkingConfig":{"includeThoughts":true,"thinkingBudget":5},"responseMimeType":"text/plain"},"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"ARRAY","minItems":"1","items":{"type":"NUMBER"}}}}}]}],"contents":[{"role":"user","parts":[{"text":"hi"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"fileData":{"fileUri":"gs://x"}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}]}"""
        },
        { "v1beta/models/m:batchEmbedContents?key=k", """{"requests":[{"model":"models/m","content":{"parts":[{"text":"x"}]},"outputDimensionality":64}]}""" },
        { "v1/projects/p/locations/l/publishers/google/models/m:predict?key=k", """{"instances":[{"content":"x"}],"parameters":{"outputDimensionality":64}}""" },
        {
            "v1/responses",
            """{"model":"m","instructions":"i","max_output_tokens":99,"temperature":1,"store":false,"include":["reasoning.encrypted_content"],"reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}},"tool_choice":{"type":"function","name":"f"},"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"input":[{"role":"user","content":[{"type":"input_text","text":"hi"},{"type":"input_image","image_url":"https://x"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"r"}]}]}"""
        },
        { "v1/embeddings", """{"model":"m","input":["x",[1,2]],"dimensions":8,"encoding_format":"float"}""" },
        { "v1/moderations", """{"model":"m","input":[{"type":"text","text":"x"}]}""" },
        { "v1/images/generations", """{"model":"m","prompt":"x","n":1,"response_format":"url"}""" },
        { "v1/audio/speech", """{"model":"m","input":"x","voice":"v","response_format":"mp3","stream_format":"sse"}""" },
        { "v1/rerank", """{"model":"m","query":"q","documents":["a",{"text":"b"}],"top_n":1,"return_documents":true}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task AnyValue_Replaced_IsAnsweredOrRefused(string path, string body)
    {
        Assert.Equal(200, await StatusAsync(path, body));
        foreach (var place in Places(JsonNode.Parse(body)!))
        {
            foreach (var stranger in Strangers)
            {
                var changed = JsonNode.Parse(body)!;
                if (place.Length > 0) Replace(changed, place, stranger);
                else changed = JsonNode.Parse(stranger);
                var text = changed?.ToJsonString() ?? "null";

                Assert.True(await StatusAsync(path, text) is 200 or 400, text);
            }
        }
    }

    private async Task<int> StatusAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await Http.SendAsync(request, Timeout);
        await response.Content.LoadIntoBufferAsync(Timeout);
        return (int)response.StatusCode;
    }

    private static IEnumerable<object[]> Places(JsonNode node)
    {
        yield return [];
        var children = node switch
        {
            JsonObject members => members.Select(m => ((object)m.Key, m.Value)),
            JsonArray items => items.Select((item, i) => ((object)i, item)),
            _ => [],
        };
        foreach (var (key, child) in children)
            if (child is not null)
                foreach (var deeper in Places(child)) yield return [key, .. deeper];
    }

    private static void Replace(JsonNode root, object[] place, string value)
    {
        var at = root;
        foreach (var step in place[..^1]) at = step is string name ? at[name]! : at[(int)step]!;
        if (place[^1] is string last) at[last] = JsonNode.Parse(value);
        else at[(int)place[^1]] = JsonNode.Parse(value);
    }
}
