namespace AspireGateway.Gateway.Pipeline;

/// <summary>The list of steps of one kind of request, and the one loop that walks it.</summary>
internal sealed partial class Journey(IDecide[] decides, string[] names, IReply reply, ISettle[] settles, ILogger<Journey> logger)
{
    /// <summary>
    /// Walks the list. 1. Deciding steps in order until one refuses or has the answer. 2. The reply, also for a refusal. 3. Every settling step, whatever happened.
    /// A step that throws has a bug: the caller gets a 500 with the request id, the log gets the exception's type and place, never its text,
    /// which could hold content.
    /// </summary>
    public async Task RunAsync(Exchange exchange)
    {
        try
        {
            for (var i = 0; i < decides.Length; i++)
            {
                var decision = await decides[i].DecideAsync(exchange);
                exchange.Steps.Add(names[i], exchange.ElapsedUs);
                if (!decision.EndsJourney) continue;
                exchange.Refusal = decision.Refusal;
                break;
            }
        }
        catch (Exception fault) when (IsCallerLeaving(exchange, fault))
        {
            exchange.Reply.CallerLeft = true;
        }
        catch (Exception fault)
        {
            Log.StepFailed(logger, exchange.RequestId, fault.GetType().Name, fault.StackTrace);
            exchange.Refusal = Refusal.Internal(exchange.RequestId);
        }

        try
        {
            await reply.ReplyAsync(exchange);
        }
        catch (Exception fault) when (IsCallerLeaving(exchange, fault))
        {
            exchange.Reply.CallerLeft = true;
        }
        catch (Exception fault)
        {
            Log.ReplyFailed(logger, exchange.RequestId, fault.GetType().Name, fault.StackTrace);
            exchange.Reply.BrokenBecause ??= "internal_error";
        }
        exchange.Steps.Add("send_reply", exchange.ElapsedUs);

        foreach (var settle in settles)
        {
            try
            {
                await settle.SettleAsync(exchange);
            }
            catch (Exception fault)
            {
                Log.SettleFailed(logger, settle.GetType().Name, exchange.RequestId, fault.GetType().Name, fault.StackTrace);
            }
        }

        if (exchange.Reply.BrokenBecause is not null && !exchange.Reply.CallerLeft) throw new ReplyCutException();
    }

    // A cancelled wait, or a connection that was reset while it was read.
    private static bool IsCallerLeaving(Exchange exchange, Exception fault) =>
        fault is OperationCanceledException or IOException && exchange.Http.RequestAborted.IsCancellationRequested;

    /// <summary>
    /// Makes the server send what was written and then close the connection without the end mark of the body: the one way to say over HTTP/1.1 that a
    /// reply is not whole (RFC 9112, section 8). An abort instead could lose the error event that was written last.
    /// </summary>
    private sealed class ReplyCutException() : IOException("The reply was cut short; the caller was told.");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId}: a step failed with {Fault} at {Place}")]
        public static partial void StepFailed(ILogger logger, string requestId, string fault, string? place);

        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId}: the reply failed with {Fault} at {Place}")]
        public static partial void ReplyFailed(ILogger logger, string requestId, string fault, string? place);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Step} of request {RequestId} failed with {Fault} at {Place}")]
        public static partial void SettleFailed(ILogger logger, string step, string requestId, string fault, string? place);
    }
}
