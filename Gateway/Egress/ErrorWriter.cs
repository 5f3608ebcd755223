using System.Buffers;
using System.Globalization;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress;

/// <summary>The one place that turns a refusal into a reply, in the error shape of the caller's dialect.</summary>
internal static class ErrorWriter
{
    /// <summary>Writes a refusal of a request that no operation took; the dialect is told by the path and Anthropic's version header.</summary>
    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var isAnthropic = http.Request.Headers.ContainsKey("anthropic-version") || http.Request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal);
        var id = RequestId.From(http.Request.Headers, Guid.CreateVersion7());
        http.Response.Headers["x-request-id"] = id;
        return WriteAsync(http, refusal, isAnthropic ? Dialect.Anthropic : Dialect.OpenAi, id);
    }

    /// <summary>Writes a refusal as the whole reply.</summary>
    public static async Task WriteAsync(HttpContext http, Refusal refusal, Dialect dialect, string requestId)
    {
        var body = new ArrayBufferWriter<byte>(512);
        ReplyDialects.Of(dialect).WriteError(body, refusal, requestId);
        await WriteAsync(http, refusal, body);
    }

    /// <summary>Writes a refusal whose body says more than the refusal.</summary>
    public static async Task WriteAsync(HttpContext http, Refusal refusal, ArrayBufferWriter<byte> body)
    {
        var response = http.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        if (refusal.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (refusal.Ticket is { } ticket) response.Headers["x-gateway-ticket"] = ticket.ToString();
        if (refusal.Allow is { } allow) response.Headers.Allow = allow;
        // A body that was not read would have to be drained before the connection can serve again; closing is cheaper than reading what was refused.
        if (refusal.Status == StatusCodes.Status413PayloadTooLarge) response.Headers.Connection = "close";
        await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
