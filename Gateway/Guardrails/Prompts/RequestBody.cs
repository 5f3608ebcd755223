using AspireGateway.Gateway.Ingress.Multipart;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>What the body of a request is.</summary>
internal static class RequestBody
{
    /// <summary>The form that it is, also where it is passed on as it came; null = it is none.</summary>
    public static FormBody? FormOf(Exchange exchange)
    {
        var facts = exchange.Request!;
        var form = facts.Form;
        if (form is null && exchange.Http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
            FormReader.Read(facts.Body.Span, exchange.Http.Request.ContentType, out form);
        return form;
    }

    /// <summary>Whether it is JSON. Where a body may be anything, what begins otherwise is a file.</summary>
    public static bool IsJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];
}
