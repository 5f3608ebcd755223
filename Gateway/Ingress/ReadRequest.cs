using System.Buffers;
using System.IO.Pipelines;
using AspireGateway.Gateway.Ingress.Multipart;
using AspireGateway.Gateway.Pipeline;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Ingress;

/// <summary>What do they ask? Reads the whole body, bounded, and finds the facts in it.</summary>
internal sealed class ReadRequest(IOptions<IngressOptions> options) : IDecide
{
    // What is rented before any byte has come: a length that is only claimed costs no memory.
    private const int FirstRent = 64 * 1024;

    private readonly IngressOptions options = options.Value;

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var request = exchange.Http.Request;
        var isMultipart = request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
        var limit = isMultipart || IsFile(exchange.Operation, request)
            ? exchange.Caller!.Key.MaxMultipartBytes ?? options.MaxMultipartBytes
            : exchange.Caller!.Key.MaxBodyBytes ?? options.MaxBodyBytes;
        if (request.ContentLength > limit) return Decision.Refuse(OverLimit(limit));
        if (exchange.Operation.BodyForm == BodyForm.Json && isMultipart)
            return Decision.Refuse(Refusal.InvalidRequest("This route takes a JSON body, not multipart. Send 'Content-Type: application/json'.", "content-type"));
        if (exchange.Operation.BodyForm == BodyForm.Form && !isMultipart)
            return Decision.Refuse(Refusal.InvalidRequest("This route takes a form with a file. Send 'Content-Type: multipart/form-data'.", "content-type"));
        if (request.Headers.ContentEncoding.Count > 0)
            return Decision.Refuse(Refusal.InvalidRequest("Compressed bodies are not accepted. Leave out 'Content-Encoding'.", "content-encoding"));

        // A WebSocket's bytes are no body; reading them would wait for the first frame.
        if (exchange.Operation.BodyForm == BodyForm.Any && exchange.Http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return Finish(exchange, [], 0);

        // The usual case: the whole body has come with the headers, so nothing has to wait.
        var body = request.BodyReader;
        ReadResult read;
        try
        {
            if (!body.TryRead(out read)) return ReadOnAsync(exchange, body, [], 0, limit);
        }
        catch (BadHttpRequestException)
        {
            return Decision.Refuse(BrokenOff());
        }
        if (!read.IsCompleted) return ReadOnAsync(exchange, body, read, limit);
        if (read.Buffer.Length > limit) return Decision.Refuse(Drain(body, read, limit));
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, (int)read.Buffer.Length));
        var length = Take(body, read, ref buffer, 0);
        return Finish(exchange, buffer, length);
    }

    private ValueTask<Decision> ReadOnAsync(Exchange exchange, PipeReader body, ReadResult first, long limit)
    {
        if (first.Buffer.Length > limit) return Decision.Refuse(Drain(body, first, limit));
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
        var length = Take(body, first, ref buffer, 0);
        return ReadOnAsync(exchange, body, buffer, length, limit);
    }

    private async ValueTask<Decision> ReadOnAsync(Exchange exchange, PipeReader body, byte[] buffer, int length, long limit)
    {
        var keep = false;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(exchange.Http.RequestAborted);
                if (length + read.Buffer.Length > limit) return Drain(body, read, limit);
                length = Take(body, read, ref buffer, length);
                if (!read.IsCompleted) continue;
                keep = true;
                return Finish(exchange, buffer, length);
            }
        }
        catch (BadHttpRequestException)
        {
            return BrokenOff();
        }
        finally
        {
            if (!keep && buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Decision Finish(Exchange exchange, byte[] buffer, int length)
    {
        var facts = exchange.Request = new RequestFacts(buffer, length);
        return (ReadBody(facts, exchange) ?? CallerHeaders.Read(facts, exchange)) is { } refusal
            ? refusal
            : Decision.Continue;
    }

    private Refusal? ReadBody(RequestFacts facts, Exchange exchange)
    {
        var operation = exchange.Operation;
        var contentType = exchange.Http.Request.ContentType;
        if (operation.BodyForm == BodyForm.Form) return FormFacts.Read(facts, contentType!);
        if (operation.BodyForm == BodyForm.Any) return AnyFacts.Read(facts, contentType, options.MaxJsonDepth);
        var refusal = RequestFactsReader.Read(facts, operation, options.MaxJsonDepth);
        if (refusal is null && operation.Kind == OperationKind.Other) facts.Units = AskedUnits.Read(operation, facts.Body.Span);
        return refusal;
    }

    // What a provider's own API takes beside JSON are files.
    private static bool IsFile(Operation operation, HttpRequest request) =>
        operation.BodyForm == BodyForm.Any && request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == false;

    /// <summary>Moves what was read behind the bytes already taken; returns the new length.</summary>
    private static int Take(PipeReader body, ReadResult read, ref byte[] buffer, int length)
    {
        var total = length + (int)read.Buffer.Length;
        if (total > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(total, (int)Math.Min(buffer.Length * 2L, Array.MaxLength)));
            buffer.AsSpan(0, length).CopyTo(larger);
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        read.Buffer.CopyTo(buffer.AsSpan(length));
        body.AdvanceTo(read.Buffer.End);
        return total;
    }

    private static Refusal Drain(PipeReader body, ReadResult read, long limit)
    {
        body.AdvanceTo(read.Buffer.End);
        return OverLimit(limit);
    }

    private static Refusal BrokenOff() => Refusal.InvalidRequest("The body could not be read to its end: it came too slowly or broke off. Send it again.");

    private static Refusal OverLimit(long limit) =>
        Refusal.TooLarge($"The body is larger than the {limit:N0} bytes that this key may send. Send less, or ask for a larger limit on the key.");
}
