using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Providers.Cascades;

/// <summary>Asks a model to score an answer. A judge that fails, is too late or says no number abstains: that is no reason to throw an answer away.</summary>
internal sealed class JudgeCall(ProviderCaller caller, DeploymentQuota quota, CircuitWatch circuits, FailureWatch failures, TimeProvider time)
{
    /// <summary>The judge's verdict; null = it abstains. Its attempt and its cost are noted in the request.</summary>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public ValueTask<GateVerdict?> ScoreAsync(Exchange exchange, CascadeJudge judge, ChatReply answer) =>
        ScoreAsync(exchange, judge, ConversationOf(exchange), string.Join("\n\n", answer.Choices.Select(QualityGate.TextOf)), JudgePrompt.MostQuestion, exchange.Call.StandByUs - exchange.ElapsedUs);

    /// <summary>The same of other words than the conversation's, within a time of its own.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="conversation">What the answer is judged by.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="mostConversation">Most bytes of the former that are shown.</param>
    /// <param name="leftUs">How long it may take, in microseconds.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<GateVerdict?> ScoreAsync(Exchange exchange, CascadeJudge judge, string conversation, string answer, int mostConversation, long leftUs)
    {
        var candidates = JudgeRoute.CandidatesOf(exchange, judge);
        CircuitFilter.Apply(candidates, null, null, time.GetUtcNow());
        var at = Array.FindIndex(candidates, static candidate => candidate.Dropped is null);
        if (at < 0 || !HedgePolicy.IsInTime(leftUs, candidates[at].Deployment.Traffic.Circuit.P95(stream: false)) || !circuits.MayCall(candidates[at].Deployment, hasOthers: true)) return null;
        using var facts = JudgePrompt.Write(judge.Rubric, conversation, answer, mostConversation);
        // An exchange of its own: the caller's headers, body and deadline are not the judge's.
        var own = new Exchange(new DefaultHttpContext { RequestAborted = exchange.Http.RequestAborted }, Operation.ChatCompletions, exchange.Snapshot, time)
        {
            Caller = exchange.Caller, Request = facts, Estimator = exchange.Estimator, Plan = new(null, ModelAccess.Find(exchange.Caller!.Organisation, judge.Model)!, QualityGate.Judge, candidates),
        };
        own.Call.StandByUs = own.Call.EndByUs = leftUs;
        var taken = await quota.TakeAsync(own, candidates[at]);
        if (taken.Refusal is null) return await AskAsync(exchange, own, candidates[at], taken.Hold);
        CircuitWatch.Left(candidates[at].Deployment);
        return null;
    }

    private async ValueTask<GateVerdict?> AskAsync(Exchange exchange, Exchange own, Candidate candidate, Hold? hold)
    {
        var (deployment, startUs) = (candidate.Deployment, exchange.ElapsedUs);
        deployment.Traffic.Begin();
        try
        {
            var (reply, failure, attempt) = await caller.TryAsync(own, candidate);
            using var mine = reply;
            own.Call.Add(attempt);
            // On the request's clock.
            attempt = attempt with { StartUs = startUs, FirstByteUs = attempt.FirstByteUs - attempt.StartUs + startUs, EndUs = exchange.ElapsedUs };
            exchange.Call.Add(attempt);
            exchange.Call.UpstreamUs += attempt.EndUs - attempt.StartUs;
            var legs = exchange.Call.Legs ??= new();
            if (reply is null)
            {
                failures.Note(own, attempt, failure!);
                PriceUsage.Lose(exchange.Call, candidate, failure!);
                legs.Note(attempt, new(0, null, "abstained"), isJudge: true);
                return null;
            }
            circuits.Stood(own, deployment, attempt);
            circuits.Succeeded(own, deployment);
            var spend = PriceUsage.OfLeg(own, candidate, reply.Facts, spoken: 0);
            legs.Add(attempt, spend);
            if (hold is not null) quota.Lose(hold, spend);
            hold = null;
            var score = (await AnswerReader.ReadAsync(own, reply, reply.Facts)).Chat is { Choices: [var choice, ..] } ? JudgePrompt.ScoreIn(QualityGate.TextOf(choice)) : null;
            legs.Note(attempt, new(0, null, score is null ? "abstained" : null), isJudge: true);
            return score is { } given ? new GateVerdict(given, QualityGate.Judge, "by the rubric") : null;
        }
        catch (OperationCanceledException)
        {
            // The caller left: the question was sent and will be billed.
            var left = new Attempt(candidate, startUs, null, exchange.ElapsedUs, null, "caller_left");
            exchange.Call.Add(left);
            exchange.NoteLegs().Add(left, PriceUsage.OfLeg(own, candidate, null, spoken: 0));
            throw;
        }
        finally
        {
            if (hold is not null) quota.Fail(hold);
            deployment.Traffic.End();
        }
    }

    /// <summary>The words of the conversation, oldest first.</summary>
    private static string ConversationOf(Exchange exchange)
    {
        if (AskedFor.Of(exchange) is not { } chat) return "";
        var words = new System.Text.StringBuilder();
        foreach (var message in chat.Messages)
        {
            foreach (var part in message.Parts)
                if (part is TextPart { Text: var text }) words.Append(message.Role).Append(": ").Append(text.ToString()).Append('\n');
        }
        return words.ToString();
    }
}
