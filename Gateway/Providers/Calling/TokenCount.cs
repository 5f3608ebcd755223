using System.Buffers;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// Counts a conversation's tokens for providers that cannot: an estimate from the prompt's size, so that clients which count before they send work with every
/// provider. Nobody is called.
/// </summary>
internal static class TokenCount
{
    /// <summary>A reply of Anthropic's count operation.</summary>
    public static ProviderReply Estimate(RequestFacts facts, Candidate candidate, IProviderModule module)
    {
        var tokens = Math.Max(1, TokenEstimator.PlainInputOf(facts, candidate.Deployment));
        var body = ArrayPool<byte>.Shared.Rent(64);
        var length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"input_tokens":{{tokens}}}"""), body);
        return new ProviderReply(candidate, module, new AttemptTimer(long.MaxValue, CancellationToken.None), null, new ReplyFacts { Usage = default(TokenUsage), IsFinished = true })
        {
            Body = new PooledBody(body, length),
        };
    }
}
