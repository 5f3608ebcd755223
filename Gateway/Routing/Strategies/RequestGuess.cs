using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>A rough guess of a request's size: good enough to compare deployments with each other, and for nothing that is booked.</summary>
internal static class RequestGuess
{
    private const int BytesPerToken = 4;
    private const long UsualOutput = 256;

    /// <summary>Input tokens.</summary>
    public static long InputTokens(RequestFacts? facts) => (facts?.TextBytes ?? 0) / BytesPerToken + 1;

    /// <summary>Output tokens: a usual answer, within the caller's cap.</summary>
    public static long OutputTokens(RequestFacts? facts) => Math.Min(facts?.EnforcedCap ?? facts?.MaxOutputTokens ?? UsualOutput, UsualOutput);
}
