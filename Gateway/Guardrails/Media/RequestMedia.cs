using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>Finds the media of a request: within JSON, among the files of a form, or as its whole body.</summary>
internal static class RequestMedia
{
    /// <summary>Finds them in the body as it is now.</summary>
    public static void Read(Exchange exchange, int maxDepth, BodyMedia media)
    {
        var body = exchange.Request!.Body;
        media.Begin(body);
        if (RequestBody.FormOf(exchange) is { } form)
        {
            foreach (var part in form.Parts)
                if (part.IsFile) media.Add(new(part.Value.Start.Value, part.Value.End.Value, MediaEncoding.Plain, part.ContentType));
        }
        else if (RequestBody.IsJson(body.Span))
        {
            BodyMediaReader.Read(body.Span, maxDepth, media);
        }
        else if (!body.IsEmpty)
        {
            media.Add(new(0, body.Length, MediaEncoding.Plain, exchange.Http.Request.ContentType));
        }
    }
}
