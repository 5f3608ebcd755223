using System.Text;
using AspireGateway.Gateway.Egress.Embeddings;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Embeddings;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Tests.Anthropic;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Providers;

/// <summary>Whatever comes, from callers or providers, the readers beside chats neither throw nor make more of it than it is.</summary>
public sealed class OperationsFuzzTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(10_000).WithQuietOnSuccess(true);

    private static readonly byte[][] Replies = [.. new[]
    {
        """{"id":"m","model":"omni","results":[{"flagged":true,"categories":{"hate":false},"category_scores":{"hate":0.1}}]}""",
        """{"created":1,"data":[{"b64_json":"AAAA"},{"url":"https://example.com/a.png"}],"size":"1024x1024","quality":"high","usage":{"input_tokens":5,"output_tokens":7,"total_tokens":12}}""",
        """{"text":"hello","duration":1.5,"usage":{"type":"duration","seconds":2}}""",
        """{"text":"hello","usage":{"type":"tokens","input_tokens":5,"output_tokens":7,"input_token_details":{"audio_tokens":3}}}""",
        "1\n00:00:00,000 --> 00:00:02,500\nhello\n\n",
        """{"type":"transcript.text.done","text":"hi","usage":{"type":"tokens","input_tokens":5,"output_tokens":2}}""",
        """{"type":"image_generation.completed","b64_json":"AAAA","usage":{"input_tokens":5,"output_tokens":7}}""",
        """{"results":[{"index":0,"relevance_score":0.9}],"meta":{"billed_units":{"search_units":1}},"usage":{"total_tokens":9}}""",
        """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2.5e-3,3]},{"embedding":"AACAPwAAAEA="}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}""",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Requests = [.. new[]
    {
        """{"model":"m","input":["one","two \u00fc"],"encoding_format":"base64","dimensions":256,"user":"u"}""",
        """{"model":"m","input":[[1,2,3],[4]],"encoding_format":"float","brand_new":{"a":[1]}}""",
        """{"model":"m","input":"one","dimensions":null}""",
    }.Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void OperationReplies_Mutated_NeverThrow() => Check.One(Cases, Prop.ForAll(Mutation.Of(Replies).ToArbitrary(), bytes =>
    {
        var module = ProviderModules.Find("openai")!;
        foreach (var operation in Routes.Journey)
        {
            if (module.DirectFor(operation) is not { } direct) continue;
            var facts = new ReplyFacts();
            direct.TryReadReply(bytes, facts);
            direct.ReadEvent(bytes, facts, hideUsage: true);
            if (facts.Usage is { } usage && (usage.Input < 0 || usage.CacheRead < 0 || usage.CacheWrite < 0 || usage.Output < 0)) return false;
            if (facts.Units.Images < 0 || facts.Units.Milliseconds < 0 || facts.Units.Characters < 0 || facts.Units.Searches < 0) return false;
        }
        return true;
    }));

    [Fact]
    public void Vectors_Mutated_AreConvertedOrLeftAlone() => Check.One(Cases, Prop.ForAll(Mutation.Of(Replies).ToArbitrary(), bytes =>
    {
        using var toBase64 = VectorForm.Convert(bytes, toBase64: true);
        using var toNumbers = VectorForm.Convert(bytes, toBase64: false);
        return (toBase64?.Length ?? 0) <= bytes.Length * 8 + 256 && (toNumbers?.Length ?? 0) <= bytes.Length * 16 + 256;
    }));

    [Fact]
    public void EmbeddingsRequests_Mutated_AreReadOrRefused() => Check.One(Cases, Prop.ForAll(Mutation.Of(Requests).ToArbitrary(), bytes =>
    {
        var request = new EmbeddingsRequest();
        return EmbeddingsRequestReader.Read(bytes, request) is not null || request.Inputs.Count <= bytes.Length;
    }));
}
