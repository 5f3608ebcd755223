using System.Buffers;
using System.Text;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Replying;

/// <summary>Sends a scripted error.</summary>
internal static class ErrorSender
{
    private static readonly byte[] Page =
        "<html><head><title>Bad gateway</title></head><body><h1>The simulated load balancer has no backend.</h1></body></html>"u8.ToArray();

    public static async Task SendAsync(SimulatedCall call)
    {
        var directives = call.Directives;
        var refusal = Scripted(call);
        await call.DelayAsync(directives.LatencyMs ?? 0);
        switch (directives.ErrorBody)
        {
            case ErrorBody.Html:
                await call.BeginAsync(refusal.Status, "text/html");
                await call.WriteAsync(Page);
                break;
            case ErrorBody.Empty:
                await call.BeginAsync(refusal.Status, contentType: null);
                break;
            default:
                await call.RefuseAsync(refusal);
                break;
        }
    }

    /// <summary>The error that the directives describe, padded to the scripted size.</summary>
    public static Refusal Scripted(SimulatedCall call)
    {
        var directives = call.Directives;
        var known = directives.Failure is { } kind ? call.Protocol.Describe(kind, call.Record.Model) with { Failure = kind } : (Refusal?)null;
        var status = directives.Status ?? known?.Status ?? StatusCodes.Status500InternalServerError;
        var message = new StringBuilder(directives.ErrorMessage ?? known?.Message ?? $"Simulated failure with status {status}.");
        if (directives.BodyBytes is { } size) message.Append('x', Math.Max(0, size - message.Length));
        var refusal = known ?? new Refusal(status, "");
        return refusal with
        {
            Status = status, Message = message.ToString(), Code = directives.ErrorCode ?? refusal.Code, RetryAfter = directives.RetryAfter, RequestId = call.RequestId,
        };
    }
}
