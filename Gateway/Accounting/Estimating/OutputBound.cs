using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>How many output tokens one answer can have at the very most, given that the provider is told so (<see cref="RequestFacts.OutputCap"/>).</summary>
internal static class OutputBound
{
    /// <summary>The cap where neither the caller nor the configuration knows one.</summary>
    public const long DefaultMaxOutput = 4_096;

    // An image that is paid for by tokens (OpenAI, "Image generation": 6,240 at the highest quality, and 100 for each of three partial ones; larger sizes since).
    private const long PerImage = 16_384;
    // A speaking model makes some 20 tokens a second; a second has 15 characters, or 4 at a quarter of the speed.
    private const long PerSpokenCharacter = 8;
    // OpenAI's transcribing models have a context of 16,000.
    private const long PerTranscript = 16_384;

    /// <summary>The bound of each choice, in tokens; 0 for what answers in no tokens.</summary>
    public static long Of(RequestFacts facts, DeploymentSnapshot deployment, long? keyCap)
    {
        var operation = facts.Operation ?? Operation.ChatCompletions;
        switch (operation.Kind)
        {
            case OperationKind.Chat:
                return Least(Least(Least(Least(facts.MaxOutputTokens, facts.OutputCap), keyCap), deployment.MaxOutputTokens), deployment.ContextTokens) ?? DefaultMaxOutput;
            case OperationKind.PassThrough:
                // Nothing can be told to a provider in its own API: the answer may be as long as the model can.
                return facts.MaxOutputTokens == 0 ? 0 : Least(deployment.MaxOutputTokens, deployment.ContextTokens) ?? InputBound.DefaultContext;
            case OperationKind.Other when operation == Operation.ImageGenerations:
                return deployment.MaxOutputTokens ?? PerImage;
            case OperationKind.Other when operation == Operation.Speech:
                return facts.Units.Characters * PerSpokenCharacter;
            case OperationKind.Other when operation == Operation.Transcriptions:
                return deployment.MaxOutputTokens ?? PerTranscript;
            default:
                return 0;
        }
    }

    /// <summary>How many answers there may be.</summary>
    public static long ChoicesOf(RequestFacts facts) =>
        facts.Operation == Operation.ImageGenerations ? Math.Max(1, facts.Units.Images) : facts.Unusual?.Choices ?? 1;

    private static long? Least(long? one, long? other) => one is null || other < one ? other ?? one : one;
}
