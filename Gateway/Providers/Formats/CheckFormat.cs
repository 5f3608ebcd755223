using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Guardrails.ReplyFormat;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Providers.Formats;

/// <summary>
/// Is the reply in the form that was promised? A stream is read to its end first and goes out as it came. What is not is asked for again as the rule says, and each answer is paid for (decision
/// 0162).
/// </summary>
internal sealed class CheckFormat(RetakeCall retakes, GatewayMetrics metrics) : IDecide
{
    private const string Guardrail = GuardrailNames.ReplyFormat;

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange) =>
        exchange is { Checks.Format: { } promise, Call.Standing: not null } ? CheckAsync(exchange, promise) : Decision.Continue;

    /// <summary>1. Read the reply and look. 2. In form, or only to be counted: it stands. 3. The next step of the rule that can be taken brings another one. 4. None is left: an error.</summary>
    private async ValueTask<Decision> CheckAsync(Exchange exchange, FormatPromise promise)
    {
        var step = 0;
        FormatFinding? finding = null;
        while (true)
        {
            // 1
            var reply = exchange.Call.Standing!;
            var facts = reply.Events is null ? reply.Facts : new ReplyFacts();
            var answer = await ReadAsync(exchange, reply, facts);
            if (answer is { Chat: null, Failure: null })
            {
                metrics.Guardrails.Failed(Guardrail);
                return promise.Rule.FailsOpen ? Decision.Continue : Refuse(exchange, facts, "it is too long, or in a form that the gateway cannot read");
            }
            if (answer.Chat is { } chat)
            {
                finding = promise.Find(chat);
                // 2
                if (finding is null) return Decision.Continue;
                exchange.Call.Legs?.Note(exchange.Call.Attempts[^1], new GateVerdict(0, Guardrail, finding.Where));
                if (Stands(exchange, promise, finding)) return Decision.Continue;
            }
            // 3
            var next = await NextAsync(exchange, promise, answer, finding, facts, step);
            if (next < 0) return Refuse(exchange, facts, answer.Failure is null && finding is not null ? finding.Where : "it broke off");
            step = next;
        }
    }

    private async ValueTask<ReadAnswer> ReadAsync(Exchange exchange, ProviderReply reply, ReplyFacts facts)
    {
        try
        {
            return await AnswerReader.ReadAsync(exchange, reply, facts);
        }
        catch (OperationCanceledException)
        {
            // The caller left while the reply was held: what came of it is charged.
            retakes.PutAside(exchange, facts, "caller_left");
            throw;
        }
    }

    /// <summary>Whether a reply stands though something is amiss: only counted, or a fence that can be taken off.</summary>
    private bool Stands(Exchange exchange, FormatPromise promise, FormatFinding finding)
    {
        var unwraps = finding.Type == FormatFinding.FencedJson && promise.Rule is { IsStrict: false, Action: not GuardrailActions.Flag };
        if (exchange.Screened is { } screened) screened.Unwraps = unwraps;
        var stands = unwraps || promise.Rule.Action == GuardrailActions.Flag;
        Count(exchange, finding.Type, stands ? GuardrailActions.Flag : GuardrailActions.Block);
        return stands;
    }

    /// <summary>Takes the steps of the rule from one on until one brought another reply; the step after it, or -1 = none did.</summary>
    private async ValueTask<int> NextAsync(Exchange exchange, FormatPromise promise, ReadAnswer answer, FormatFinding? finding, ReplyFacts facts, int step)
    {
        var candidate = exchange.Call.Standing!.Candidate;
        var (steps, isAside) = (promise.Rule.Steps, false);
        for (; step < steps.Count && steps[step] != InvalidReplySteps.Error; step++)
        {
            var isRepair = steps[step] == InvalidReplySteps.Repair;
            if (isRepair && (finding is null || answer.Chat is not { Choices: [_] })) continue;
            if (steps[step] == InvalidReplySteps.Fallback)
            {
                if (RetakeCall.After(exchange, candidate) is not { } other) continue;
                candidate = other;
            }
            using var question = isRepair ? RepairPrompt.Write(exchange.Request!, exchange.Operation, QualityGate.TextOf(answer.Chat!.Choices[0]), finding!, promise.SchemaText) : null;
            if (isRepair && question is null || !retakes.MayCall(exchange, candidate)) continue;
            // Once another one is asked for, this one does not stand any more.
            if (!isAside) retakes.PutAside(exchange, facts, answer.Failure?.Outcome ?? Refusal.InvalidReplyCode);
            isAside = true;
            if (!await retakes.TryAsync(exchange, candidate, question)) continue;
            exchange.Plan = exchange.Plan! with { Reason = Guardrail + ":" + steps[step] };
            return step + 1;
        }
        if (!isAside) retakes.PutAside(exchange, facts, answer.Failure?.Outcome ?? Refusal.InvalidReplyCode);
        return -1;
    }

    private Decision Refuse(Exchange exchange, ReplyFacts facts, string why)
    {
        if (exchange.Call.Standing is not null) retakes.PutAside(exchange, facts, Refusal.InvalidReplyCode);
        metrics.Guardrails.Blocked(Guardrail);
        return Refusal.InvalidReply($"The model's reply is not in the form that was promised, and none of the steps of guardrail '{Guardrail}' brought one that is: {why}. Ask otherwise, simplify the schema, or choose another model.");
    }

    private void Count(Exchange exchange, string type, string action)
    {
        exchange.Screened?.Tally.Add(Guardrail, isReply: true, action, type);
        metrics.Guardrails.Found(Guardrail, action, isReply: true, 1);
    }
}
