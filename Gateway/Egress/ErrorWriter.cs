using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress;

/// <summary>The one place that turns a refusal into the caller's error shape (OpenAI API reference, "Error codes": message, type, code, param).</summary>
internal static class ErrorWriter
{
    // The body is JSON for programs, not HTML: quotes and umlauts may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a refusal as the whole reply.</summary>
    public static async Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(512);
        Write(body, refusal);
        var response = http.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        if (refusal.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (refusal.Allow is { } allow) response.Headers.Allow = allow;
        // A body that was not read would have to be drained before the connection can serve again; closing is cheaper than reading what was refused.
        if (refusal.Status == StatusCodes.Status413PayloadTooLarge) response.Headers.Connection = "close";
        await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    /// <summary>Writes the error object.</summary>
    public static void Write(IBufferWriter<byte> output, Refusal refusal)
    {
        using var writer = new Utf8JsonWriter(output, Readable);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteString("type"u8, TypeOf(refusal.Status));
        writer.WriteString("code"u8, refusal.Code);
        if (refusal.Param is null) writer.WriteNull("param"u8);
        else writer.WriteString("param"u8, refusal.Param);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string TypeOf(int status) => status switch
    {
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
