using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Simulator.Recording;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Replying;

/// <summary>Takes a request of any protocol from its arrival to its recorded end.</summary>
/// <remarks>
/// 1. record it; 2. ask for a credential; 3. read the body; 4. gather the directives: queue, then message, then header, the later one
/// wins; 5. answer: error, stream or plain.
/// </remarks>
internal sealed class CallRunner(
    ScriptQueue scripts, RequestLog log, SimulatorOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private readonly string runTag = RandomNumberGenerator.GetHexString(8, lowercase: true);

    public async Task RunAsync(HttpContext http, IProtocol protocol)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var record = Recorded(http.Request);
        var call = new SimulatedCall(http, protocol, record, log, $"req_sim_{runTag}{record.Id:x8}", options, clock, left.Token);
        try
        {
            await RunAsync(call);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The caller left, sent a broken body, or the simulator stops: there is nobody to answer.
            record.Aborted = http.RequestAborted.IsCancellationRequested && !call.WasCut;
            if (!record.Aborted) http.Abort();
        }
        finally
        {
            log.Finish(record);
        }
    }

    private async Task RunAsync(SimulatedCall call)
    {
        var (http, protocol, record) = (call.Http, call.Protocol, call.Record);
        var key = protocol.KeyOf(http.Request);
        record.Key = key is null ? null : KeyMask.Of(key);
        var bytes = await RequestBody.ReadAsync(http.Request, call.Left);
        record.BodyLength = bytes.Length;
        record.BodyHash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        log.KeepBody(record, bytes);
        if (protocol.Authorise(http.Request, bytes) is { } unknown)
        {
            await call.RefuseAsync(unknown);
            return;
        }

        using var body = await protocol.ParseAsync(http.Request, bytes, call.Left);
        if (body is null)
        {
            await call.RefuseAsync(new Refusal(400, "The body could not be parsed as JSON."));
            return;
        }

        if (protocol.Read(http.Request, body.RootElement, out var refusal) is not { } request)
        {
            await call.RefuseAsync(refusal);
            return;
        }

        record.Model = request.Model;
        record.Stream = request.Streams;
        // Whoever waits for a request by its body, model or stream must see it now: it may stall for as long as they wait.
        log.Changed();
        if (GatherDirectives(http.Request, request, out var directives) is { } fault)
        {
            await call.RefuseAsync(new Refusal(400, fault, "unknown_directive"));
            return;
        }

        call.Directives = protocol.Adapt(directives);
        await AnswerAsync(call, request);
    }

    private async Task AnswerAsync(SimulatedCall call, ISimulatedRequest request)
    {
        var directives = call.Directives;
        if (directives.StallBeforeFirst) await call.StallAsync();
        if (directives.CutBeforeFirst)
        {
            await call.DelayAsync(directives.LatencyMs ?? 0);
            await call.CutAsync();
            return;
        }

        if (!directives.Fails && request.Objection(directives) is { } objection)
        {
            await call.RefuseAsync(objection);
            return;
        }

        if (directives.Fails)
        {
            await ErrorSender.SendAsync(call);
            return;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{runTag}{call.Record.Id:x8}");
        var answer = request.Answer(directives, id, clock.GetUtcNow());
        if (request.Streams) await StreamSender.SendAsync(call, answer);
        else await PlainSender.SendAsync(call, answer);
    }

    private string? GatherDirectives(HttpRequest http, ISimulatedRequest request, out Directives directives)
    {
        directives = scripts.Take(request.Model, request.TakesScriptsForAny);
        if (DirectiveReader.TryApplyMarked(request.Prompt, directives, out directives) is { } inMessage) return inMessage;
        return http.Headers.TryGetValue("x-sim", out var header)
            ? DirectiveReader.TryApply(header.ToString(), directives, out directives)
            : null;
    }

    private RecordedRequest Recorded(HttpRequest request)
    {
        var record = new RecordedRequest
        {
            ReceivedAt = clock.GetUtcNow(),
            Method = request.Method,
            Path = KeyMask.Path(request),
            Headers = KeyMask.Headers(request.Headers),
        };
        log.Add(record);
        return record;
    }
}
