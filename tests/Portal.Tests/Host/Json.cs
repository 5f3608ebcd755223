using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.Portal.Tests.Host;

/// <summary>Calls and their answers, in the words of the tests.</summary>
internal static class Json
{
    public static Task<(HttpStatusCode Status, JsonNode? Body)> ReadAsync(this HttpClient http, string path) => http.CallAsync(HttpMethod.Get, path, null);

    public static Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(this HttpClient http, string path, string? json = null) => http.CallAsync(HttpMethod.Post, path, json);

    public static Task<(HttpStatusCode Status, JsonNode? Body)> PutAsync(this HttpClient http, string path, string json) => http.CallAsync(HttpMethod.Put, path, json);

    public static Task<(HttpStatusCode Status, JsonNode? Body)> RemoveAsync(this HttpClient http, string path) => http.CallAsync(HttpMethod.Delete, path, null);

    public static async Task<(HttpStatusCode Status, JsonNode? Body)> CallAsync(this HttpClient http, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if ((int)response.StatusCode >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public static string Text(this JsonNode? node, string name) => node![name]!.GetValue<string>();

    public static Guid Id(this JsonNode? node, string name = "id") => node![name]!.GetValue<Guid>();

    /// <summary>The fields that a problem names.</summary>
    public static IReadOnlyList<string> Faults(this JsonNode? problem) =>
        problem?["errors"] is JsonObject errors ? [.. errors.Select(e => e.Key).Order(StringComparer.Ordinal)] : [];

    /// <summary>What a problem says of them.</summary>
    public static IReadOnlyList<string> FaultTexts(this JsonNode? problem) =>
        problem?["errors"] is JsonObject errors ? [.. errors.SelectMany(e => e.Value!.AsArray()).Select(t => t!.GetValue<string>()).Order(StringComparer.Ordinal)] : [];
}
