using System.Collections.Concurrent;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>
/// Guesses a request's input tokens before they are counted, for previews, rate limits and requests whose provider reports nothing. What providers do report
/// corrects the guess for each of their models. A guess is no bound: that is <see cref="SpendBound"/>.
/// </summary>
internal sealed class TokenEstimator
{
    /// <summary>Models that are kept apart; those beyond go uncorrected.</summary>
    public const int MaxModels = 1_024;

    /// <summary>The least and the most that a guess is corrected by.</summary>
    public const double LeastRatio = 0.2, MostRatio = 5;

    // Weight of the newest report: the last few dozen make the ratio.
    private const double Alpha = 0.05;
    // The JSON around a message, some 30 bytes, makes about 4 tokens; the rest of a small body is model and parameters.
    private const long BytesAroundMessage = 30, TokensAroundMessage = 4, BytesAroundBody = 50;
    // OpenAI's audio models hear ten tokens a second.
    private const long MillisecondsPerToken = 100;
    // Speech in MP3 at 64 kbit/s, in base64.
    private const long Base64BytesPerRecordedSecond = 10_667, TokensPerRecordedSecond = 10;
    // A few pages, or what a search brings.
    private const long TokensOfUnknown = 2_000;

    private readonly ConcurrentDictionary<string, Ratio> ratios = new(StringComparer.Ordinal);
    private int models;

    /// <summary>The ratio of reported to guessed input by upstream model, as far as anything was reported.</summary>
    public IEnumerable<KeyValuePair<string, double>> Ratios => ratios.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value));

    /// <summary>Input tokens of all classes that the request probably has on a deployment.</summary>
    public long InputOf(RequestFacts facts, DeploymentSnapshot deployment)
    {
        var plain = PlainInputOf(facts, deployment);
        return ratios.TryGetValue(deployment.UpstreamModel, out var ratio) ? (long)Math.Ceiling(plain * ratio.Value) : plain;
    }

    /// <summary>The same without what was learned.</summary>
    public static long PlainInputOf(RequestFacts facts, DeploymentSnapshot deployment)
    {
        var family = Family.Of(deployment);
        var spoken = facts.Units.Milliseconds / MillisecondsPerToken;
        // Of a form or a provider's own API only the prompt's size is known.
        if (facts.Form is not null || facts.Operation is not { Kind: not OperationKind.PassThrough }) return family.TokensOf(facts.PromptBytes) + spoken;
        var words = Math.Max(facts.TextBytes - BytesAroundBody - BytesAroundMessage * facts.Messages, Math.Min(facts.TextBytes, 1));
        var tokens = family.TokensOf(words) + TokensAroundMessage * facts.Messages + spoken;
        if (facts.Unusual is not { } unusual) return tokens;
        return tokens + unusual.Images * family.TokensPerImage + unusual.RecordingBytes * TokensPerRecordedSecond / Base64BytesPerRecordedSecond
            + ((unusual.HasUnknownInput ? 1 : 0) + unusual.ServerTools) * TokensOfUnknown;
    }

    /// <summary>Learns from a report. What was no guess from text, such as a document's length, teaches nothing.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="deployment">Who counted.</param>
    /// <param name="reported">Input tokens of all classes.</param>
    public void Learn(RequestFacts facts, DeploymentSnapshot deployment, long reported)
    {
        if (reported <= 0 || facts.Operation?.Kind is not (OperationKind.Chat or OperationKind.Embeddings)) return;
        if (facts.Unusual is { HasUnknownInput: true } or { ServerTools: > 0 }) return;
        var plain = PlainInputOf(facts, deployment);
        if (plain <= 0) return;
        var sample = Math.Clamp(reported / (double)plain, LeastRatio, MostRatio);
        if (!ratios.TryGetValue(deployment.UpstreamModel, out var ratio))
        {
            // Counting apart is quicker than the dictionary's count, which locks it; a race may let a few more in.
            if (Volatile.Read(ref models) >= MaxModels) return;
            if (ratios.TryAdd(deployment.UpstreamModel, new Ratio { Value = sample })) Interlocked.Increment(ref models);
            return;
        }
        // Racing updates may lose one sample; an average can bear that.
        ratio.Value += (sample - ratio.Value) * Alpha;
    }

    private sealed class Ratio
    {
        public double Value;
    }

    /// <summary>How a family of tokenizers usually counts.</summary>
    /// <param name="HalfBytesPerToken">Twice the bytes of English text and JSON in a token.</param>
    /// <param name="TokensPerImage">A picture of usual size.</param>
    private sealed record Family(long HalfBytesPerToken, long TokensPerImage)
    {
        // OpenAI, "Tokenizer": about 4 characters. Anthropic, "Glossary": about 3.5. Google, "Understand and count tokens": about 4.
        private static readonly Family OpenAi = new(8, 765), Anthropic = new(7, 1_500), Google = new(8, 1_100), Other = new(8, 1_000);

        public static Family Of(DeploymentSnapshot deployment) => deployment.Provider.Protocol switch
        {
            "openai" or "azure-openai" => OpenAi,
            "anthropic" => Anthropic,
            "bedrock" when deployment.UpstreamModel.Contains("anthropic", StringComparison.OrdinalIgnoreCase) => Anthropic,
            "gemini" or "vertex" => Google,
            _ => Other,
        };

        public long TokensOf(long bytes) => (bytes * 2 + HalfBytesPerToken - 1) / HalfBytesPerToken;
    }
}
