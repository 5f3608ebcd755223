using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests;

/// <summary>A simulator of its own for each test, and a client that talks to it over real HTTP.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    protected const string Key = "sk-test-1";
    protected SimulatorServer Simulator { get; private set; } = null!;
    protected HttpClient Http { get; private set; } = null!;
    protected static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorServer.StartAsync();
        // Without this, leaving a stream goes on reading it for 2 s before the connection is closed.
        var sockets = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        Http = new HttpClient(sockets) { BaseAddress = Simulator.BaseUrl, Timeout = TimeSpan.FromSeconds(20) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static string ChatBody(string more = "", string content = "Hello there", string model = "sim-small") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(content)}}}]{{(more.Length > 0 ? "," + more : "")}}}""";

    protected async Task<HttpResponseMessage> ChatAsync(
        string more = "", string? script = null, string content = "Hello there", string model = "sim-small",
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = Json(ChatBody(more, content, model)) };
        if (script is not null) request.Headers.Add("x-sim", script);
        return await Http.SendAsync(request, completion, Timeout);
    }

    protected async Task<JsonElement> PlainAsync(string more = "", string? script = null, string content = "Hello there", string model = "sim-small")
    {
        using var response = await ChatAsync(more, script, content, model);
        var text = await response.Content.ReadAsStringAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    /// <summary>The payloads of a stream, <c>[DONE]</c> included.</summary>
    protected async Task<List<string>> StreamAsync(string? script = null, string more = "", string content = "Hello there", string model = "sim-small")
    {
        using var response = await ChatAsync("\"stream\":true" + (more.Length > 0 ? "," + more : ""), script, content, model);
        return Events(await response.Content.ReadAsStringAsync(Timeout));
    }

    protected static List<string> Events(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.StartsWith("data: ", StringComparison.Ordinal) ? e[6..] : "NOT AN EVENT " + e)];

    protected static string TextOf(IEnumerable<string> events) =>
        string.Concat(events.Where(e => e != "[DONE]").Select(e => JsonElement.Parse(e))
            .SelectMany(e => e.GetProperty("choices").EnumerateArray())
            .Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : null));

    protected static string TextOf(JsonElement reply, int choice = 0) =>
        reply.GetProperty("choices")[choice].GetProperty("message").GetProperty("content").GetString()!;

    protected static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    protected static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Timeout));
}
