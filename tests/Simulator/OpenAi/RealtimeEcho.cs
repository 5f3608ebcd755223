using System.Buffers;
using System.Net.WebSockets;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Recording;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>
/// <c>GET /v1/realtime</c> as a WebSocket: says <c>session.created</c>, then sends every message back. Scripts: an error status refuses the
/// upgrade, <c>cut-after=n</c> breaks the connection after n messages.
/// </summary>
internal sealed class RealtimeEcho(ScriptQueue scripts, RequestLog log, TimeProvider clock)
{
    private const string KeyProtocol = "openai-insecure-api-key.";
    private const int BufferLength = 16 * 1024;

    public async Task RunAsync(HttpContext http)
    {
        var model = http.Request.Query["model"].ToString();
        var key = OpenAiJson.BearerOf(http.Request) ?? KeyAmongProtocols(http) ?? http.Request.Headers["api-key"].ToString();
        var record = new RecordedRequest
        {
            ReceivedAt = clock.GetUtcNow(), Method = http.Request.Method, Path = KeyMask.Path(http.Request), Headers = KeyMask.Headers(http.Request.Headers),
        };
        (record.Model, record.Stream, record.Key) = (model, true, key.Length == 0 ? null : KeyMask.Of(key));
        log.Add(record);
        var directives = scripts.Take(model);
        try
        {
            var refusal = !http.WebSockets.IsWebSocketRequest ? new Refusal(400, "This route needs a WebSocket.")
                : key.Length == 0 ? new Refusal(401, "No API key was sent.")
                : directives.Fails ? new Refusal(directives.Status ?? 500, "Simulated failure.", directives.ErrorCode)
                : (Refusal?)null;
            if (refusal is { } no)
            {
                record.Status = no.Status;
                await OpenAiEndpoints.RefuseAsync(http, no);
                return;
            }

            record.Status = StatusCodes.Status101SwitchingProtocols;
            using var socket = await http.WebSockets.AcceptWebSocketAsync(http.WebSockets.WebSocketRequestedProtocols.Contains("realtime") ? "realtime" : null);
            await EchoAsync(http, socket, model, record, directives);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The caller left without a goodbye.
            record.Aborted = true;
        }
        finally
        {
            log.Finish(record);
        }
    }

    private async Task EchoAsync(HttpContext http, WebSocket socket, string model, RecordedRequest record, Directives directives)
    {
        var left = http.RequestAborted;
        var hello = new ArrayBufferWriter<byte>(128);
        WireJson.WriteObject(hello, writer =>
        {
            writer.WriteString("type", "session.created");
            writer.WriteString("event_id", "event_sim");
            writer.WriteStartObject("session");
            writer.WriteString("object", "realtime.session");
            writer.WriteString("model", model);
            writer.WriteEndObject();
        });
        await socket.SendAsync(hello.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, left);
        var buffer = new byte[BufferLength];
        while (true)
        {
            if (directives.CutAfter == record.ChunksSent)
            {
                http.Abort();
                return;
            }

            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), left);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, socket.CloseStatusDescription, left);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, left);
            }
            while (!part.EndOfMessage);

            record.ChunksSent++;
            log.Changed();
        }
    }

    private static string? KeyAmongProtocols(HttpContext http) => http.WebSockets.WebSocketRequestedProtocols
        .FirstOrDefault(p => p.StartsWith(KeyProtocol, StringComparison.Ordinal))?[KeyProtocol.Length..];
}
