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
        var status = directives.Status ?? StatusCodes.Status500InternalServerError;
        await call.DelayAsync(directives.LatencyMs ?? 0);
        switch (directives.ErrorBody)
        {
            case ErrorBody.Html:
                await call.BeginAsync(status, "text/html");
                await call.WriteAsync(Page);
                break;
            case ErrorBody.Empty:
                await call.BeginAsync(status, contentType: null);
                break;
            default:
                var body = new ArrayBufferWriter<byte>(256);
                call.Protocol.WriteError(body, Scripted(directives, status));
                await call.BeginAsync(status, "application/json");
                await call.WriteAsync(body.WrittenMemory);
                break;
        }
    }

    /// <summary>The error that the directives describe, padded to the scripted size.</summary>
    public static Refusal Scripted(Directives directives, int status)
    {
        var message = new StringBuilder("Simulated failure with status ").Append(status).Append('.');
        if (directives.BodyBytes is { } size) message.Append('x', Math.Max(0, size - message.Length));
        return new Refusal(status, message.ToString(), directives.ErrorCode);
    }
}
