using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Requests and what is read from their answers.</summary>
internal static class Ask
{
    /// <summary>The body of a chat request.</summary>
    public static string Body(string text = "Hello", string? directives = null, long? maxTokens = 50, string model = "small") =>
        $$"""{"model":"{{model}}",{{(maxTokens is null ? "" : $"\"max_tokens\":{maxTokens},")}}"messages":[{"role":"user","content":"{{text}}{{(directives is null ? "" : $" [[sim: {directives}]]")}}"}]}""";

    /// <summary>Asks in Anthropic's dialect.</summary>
    public static async Task<HttpResponseMessage> MessagesAsync(GatewayProcess gateway, string key, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-api-key", key);
        request.Headers.Add("anthropic-version", "2023-06-01");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await gateway.Http.SendAsync(request);
    }

    /// <summary>Status, and code of an error or null, of a request that is read to its end.</summary>
    public static async Task<(int Status, string? Code)> StatusAsync(GatewayProcess gateway, string key, string? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.ChatAsync(key, body ?? Body(), headers: headers);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? null : JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    /// <summary>Code and message of an error in OpenAI's dialect.</summary>
    public static async Task<(string? Code, string Message)> ErrorAsync(HttpResponseMessage response)
    {
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        return (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()!);
    }

    /// <summary>A header that must be there once.</summary>
    public static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    /// <summary>What a stream says until it ends or is cut: one that was ended by a guardrail does not end well, so that nobody takes it for whole.</summary>
    public static async Task<string> ReadCutAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is var read and > 0) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (Exception fault) when (fault is HttpIOException or IOException)
        {
            // What came before the cut counts.
        }
        return text.ToString();
    }
}
