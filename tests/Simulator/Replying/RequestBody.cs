using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Simulator.Replying;

/// <summary>Reads the bytes of a request.</summary>
internal static class RequestBody
{
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is { } length)
        {
            var exact = new byte[length];
            await request.Body.ReadExactlyAsync(exact, cancellationToken);
            return exact;
        }

        using var growing = new MemoryStream();
        await request.Body.CopyToAsync(growing, cancellationToken);
        return growing.ToArray();
    }

    /// <summary>A form as an object: fields as texts, fields sent twice as arrays, a file as <c>{"name","type","content"}</c> with base64.</summary>
    public static async Task<JsonDocument?> ParseFormAsync(string? contentType, byte[] body, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        var fields = new List<(string Name, JsonNode? Value)>();
        if (type.MediaType == "application/x-www-form-urlencoded")
        {
            foreach (var (name, values) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)))
                foreach (var value in values) fields.Add((name, JsonValue.Create(value)));
        }
        else if (type.MediaType == "multipart/form-data" && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 } boundary)
        {
            if (!await ReadPartsAsync(new MultipartReader(boundary.ToString(), new MemoryStream(body)), fields, cancellationToken)) return null;
        }
        else return null;

        var form = new JsonObject();
        foreach (var group in fields.GroupBy(f => f.Name, StringComparer.Ordinal))
        {
            var values = group.Select(f => f.Value).ToArray();
            form[group.Key] = values is [var single] ? single : new JsonArray(values);
        }

        return JsonDocument.Parse(form.ToJsonString());
    }

    private static async Task<bool> ReadPartsAsync(MultipartReader reader, List<(string Name, JsonNode? Value)> fields, CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.GetContentDispositionHeader() is not { } disposition) return false;
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content, cancellationToken);
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                fields.Add((name, disposition.IsFileDisposition()
                    ? new JsonObject
                    {
                        ["name"] = HeaderUtilities.RemoveQuotes(disposition.FileName).ToString(),
                        ["type"] = section.ContentType,
                        ["content"] = Convert.ToBase64String(content.ToArray()),
                    }
                    : JsonValue.Create(Encoding.UTF8.GetString(content.ToArray()))));
            }

            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return false;
        }
    }

    public static JsonDocument? ParseJson(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
