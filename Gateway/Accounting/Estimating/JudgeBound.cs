using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>What one look of a judge can cost at most, whatever it looks at.</summary>
internal static class JudgeBound
{
    // Only its length is asked for: rubrics have at most 2,000 characters of at most 6 bytes in JSON.
    private static readonly byte[] Blank = new byte[64 * 1024];

    /// <summary>The bound over all deployments that the judge may run on, in nano-USD; 0 = it may run nowhere.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="conversation">Most bytes of what it is shown besides the answer.</param>
    public static long WorstOf(Exchange exchange, CascadeJudge judge, int conversation = JudgePrompt.MostQuestion)
    {
        var worst = 0L;
        // Never disposed: the buffer is everybody's.
        var facts = new RequestFacts(Blank, Math.Min(Blank.Length, JudgePrompt.MostBytes(judge.Rubric, conversation)))
        {
            Operation = Operation.ChatCompletions, Messages = JudgePrompt.Messages, MaxOutputTokens = JudgePrompt.MostOutput,
        };
        foreach (var candidate in JudgeRoute.CandidatesOf(exchange, judge))
            if (candidate.Dropped is null) worst = Math.Max(worst, SpendBound.Of(facts, candidate.Deployment, candidate.Price, keyCap: null).WorstNanoUsd);
        return worst;
    }
}
