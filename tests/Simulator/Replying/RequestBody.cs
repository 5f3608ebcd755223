using System.Text.Json;

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
