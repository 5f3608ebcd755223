using System.Net;
using System.Text.Json;
using AspireGateway.Simulator.Tests.Replying;

namespace AspireGateway.Simulator.Tests.Azure;

public sealed class AzureTests : SimulatorTest
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]";

    [Fact]
    public async Task Deployment_ApiKey_ServesTheDeploymentWhateverTheBodySays()
    {
        using var response = await PostAsync("openai/deployments/my-gpt/chat/completions?api-version=2026-01-01", $$"""{"model":"other",{{Messages}}}""");

        var reply = await ReadAsync(response);
        Assert.Equal("my-gpt", reply.GetProperty("model").GetString());
        Assert.Equal(TextOf(await PlainAsync()), TextOf(reply));
        Assert.Equal("/openai/deployments/my-gpt/chat/completions?api-version=2026-01-01", Simulator.Requests[0].Path);
        Assert.StartsWith("sha256:", Simulator.Requests[0].Headers["api-key"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_WithoutApiVersion_IsNotFound()
    {
        using var response = await PostAsync("openai/deployments/my-gpt/chat/completions", $$"""{ {{Messages}} }""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("404", (await ReadAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task ContentPolicy_Scripted_HasTheInnerError()
    {
        Simulator.Script("failure=content-policy");
        using var response = await PostAsync("openai/deployments/my-gpt/chat/completions?api-version=2026-01-01", $$"""{ {{Messages}} }""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await ReadAsync(response)).GetProperty("error");
        Assert.Equal("content_filter", error.GetProperty("code").GetString());
        Assert.Equal("ResponsibleAIPolicyViolation", error.GetProperty("innererror").GetProperty("code").GetString());
        Assert.True(error.GetProperty("innererror").GetProperty("content_filter_result").GetProperty("violence").GetProperty("filtered").GetBoolean());
    }

    [Theory]
    [InlineData("failure=rate-limit", 429, "429")]
    [InlineData("failure=no-model", 404, "DeploymentNotFound")]
    [InlineData("failure=context-length", 400, "context_length_exceeded")]
    public async Task Failure_Scripted_HasAzuresCode(string script, int status, string code)
    {
        Simulator.Script(script);
        using var response = await PostAsync("openai/deployments/my-gpt/chat/completions?api-version=2026-01-01", $$"""{ {{Messages}} }""");

        Assert.Equal((status, code), ((int)response.StatusCode, (await ReadAsync(response)).GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task FilterResults_Scripted_StandInReplyAndStream()
    {
        Simulator.Script("filter-results", "filter-results");
        using var plain = await PostAsync("openai/v1/chat/completions", $$"""{"model":"m",{{Messages}}}""");
        using var streamed = await PostAsync("openai/v1/chat/completions", $$"""{"model":"m","stream":true,{{Messages}}}""");

        var reply = await ReadAsync(plain);
        Assert.Equal("safe", reply.GetProperty("prompt_filter_results")[0].GetProperty("content_filter_results").GetProperty("hate").GetProperty("severity").GetString());
        Assert.True(reply.GetProperty("choices")[0].TryGetProperty("content_filter_results", out _));
        var events = SseReader.Read(await streamed.Content.ReadAsByteArrayAsync(Timeout));
        Assert.Equal(0, events[0].Data.GetProperty("choices").GetArrayLength());
        Assert.True(events[0].Data.TryGetProperty("prompt_filter_results", out _));
    }

    [Theory]
    [InlineData("openai/deployments/d/embeddings?api-version=1", "{\"input\":\"x\"}", "data")]
    [InlineData("openai/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}", "data")]
    [InlineData("openai/v1/responses", "{\"model\":\"m\",\"input\":\"x\"}", "output")]
    [InlineData("openai/deployments/d/images/generations?api-version=1", "{\"prompt\":\"x\"}", "data")]
    public async Task OtherOperations_ApiKey_AreServed(string path, string body, string member)
    {
        using var response = await PostAsync(path, body);

        Assert.Equal(JsonValueKind.Array, (await ReadAsync(response)).GetProperty(member).ValueKind);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        request.Headers.Add("api-key", "azure-key-1");
        Http.DefaultRequestHeaders.Authorization = null;
        try
        {
            return await Http.SendAsync(request, Timeout);
        }
        finally
        {
            Http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        }
    }
}
