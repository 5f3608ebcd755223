using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>What a request will probably cost: for previews and token limits, and never for an exact hold.</summary>
internal static class ExpectedSpend
{
    /// <summary>Input tokens that it probably has.</summary>
    public static long ExpectedInputTokens(RequestFacts facts, DeploymentSnapshot deployment, TokenEstimator estimator) =>
        facts.Operation?.Kind == OperationKind.CountTokens ? 0 : estimator.InputOf(facts, deployment);

    /// <summary>Output tokens that it probably gets, of all choices: as many as usual, within every cap.</summary>
    public static long ExpectedOutputTokens(RequestFacts facts, DeploymentSnapshot deployment, OutputAverages averages, long? keyCap)
    {
        var most = OutputBound.Of(facts, deployment, keyCap);
        var usual = facts.Operation?.Kind is null or OperationKind.Chat or OperationKind.PassThrough ? averages.Of(deployment.Id) : most;
        return Math.Min(usual, most) * OutputBound.ChoicesOf(facts);
    }

    /// <summary>The cost in nano-USD; 0 where nothing has a price.</summary>
    public static long Of(RequestFacts facts, DeploymentSnapshot deployment, PriceSnapshot? price, long? keyCap, TokenEstimator estimator, OutputAverages averages)
    {
        if (price is null || facts.Operation?.Kind == OperationKind.CountTokens) return 0;
        var usage = new TokenUsage(ExpectedInputTokens(facts, deployment, estimator), 0, 0, ExpectedOutputTokens(facts, deployment, averages, keyCap), 0);
        return CostCalculator.CostOf(price.Components, usage, facts.Units, facts.Unusual?.ServiceTier);
    }
}
