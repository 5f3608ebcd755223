using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Providers.OpenAi.Operations;

namespace AspireGateway.Gateway.Tests.Providers.OpenAi.Operations;

public sealed class OperationTests
{
    [Fact]
    public void Images_AreCountedWithTheirSizeAndTokens()
    {
        var facts = Read(Operation.ImageGenerations, """{"created":1,"size":"1024x1024","quality":"high","data":[{"b64_json":"a"},{"b64_json":"b"}],"usage":{"input_tokens":13,"input_tokens_details":{"text_tokens":13,"image_tokens":0},"output_tokens":800,"total_tokens":813}}""");

        Assert.Equal(new TokenUsage(13, 0, 0, 800, 0), facts!.Usage);
        Assert.Equal((2L, "1024x1024", "high"), (facts.Units.Images, facts.Units.ImageSize, facts.Units.ImageQuality));
    }

    [Fact]
    public void ImageStream_EndsWithItsLastImage()
    {
        var (facts, actions) = Stream(
            Operation.ImageGenerations, """{"type":"image_generation.partial_image","b64_json":"a","partial_image_index":0}""",
            """{"type":"image_generation.completed","b64_json":"b","size":"auto","usage":{"input_tokens":5,"output_tokens":9}}""");

        Assert.All(actions, action => Assert.Equal(StreamAction.Forward, action));
        Assert.Equal((true, 1L, new TokenUsage(5, 0, 0, 9, 0)), (facts.IsFinished, facts.Units.Images, facts.Usage));
    }

    [Theory]
    [InlineData("""{"text":"hi","usage":{"type":"duration","seconds":7}}""", null, 7000)]
    [InlineData("""{"text":"hi","duration":"2.5","segments":[]}""", null, 2500)]
    [InlineData("""{"text":"hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":3,"total_tokens":17}}""", 17L, 0)]
    public void Transcription_ReportsTokensOrItsLength(string body, long? tokens, long milliseconds)
    {
        var facts = Read(Operation.Transcriptions, body, "application/json")!;

        Assert.Equal((tokens, milliseconds), (facts.Usage is { } usage ? usage.TotalInput + usage.Output : null, facts.Units.Milliseconds));
        if (tokens is not null) Assert.Equal(10, facts.Units.AudioInputTokens);
    }

    [Theory]
    [InlineData("1\n00:00:00,000 --> 00:01:02,345\nhi\n", 62_345)]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:03.500\nhi --> there\n", 0)]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:03.500 line:0\nhi\n", 3_500)]
    [InlineData("{ just words", 0)]
    public void Subtitles_TellTheLength(string text, long milliseconds) =>
        Assert.Equal(milliseconds, Read(Operation.Transcriptions, text, "text/plain")!.Units.Milliseconds);

    [Theory]
    [InlineData("""{"id":"r","results":[{"index":0,"relevance_score":0.9}],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":2}}}""", null, 2)]
    [InlineData("""{"model":"jina","usage":{"total_tokens":30},"results":[]}""", 30L, 0)]
    public void Rerank_ReportsSearchesOrTokens(string body, long? tokens, long searches)
    {
        var facts = Read(Operation.Rerank, body)!;

        Assert.Equal((tokens, searches), (facts.Usage?.Input, facts.Units.Searches));
    }

    [Fact]
    public void SpeechEvents_BringTheUsageLast()
    {
        var (facts, _) = Stream(Operation.Speech, """{"type":"speech.audio.delta","audio":"AAAA"}""", """{"type":"speech.audio.done","usage":{"input_tokens":4,"output_tokens":50,"total_tokens":54}}""");

        Assert.Equal((true, new TokenUsage(4, 0, 0, 50, 0), 50L), (facts.IsFinished, facts.Usage, facts.Units.AudioOutputTokens));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"error":{"message":"no"}}""")]
    [InlineData("""{"results":[]} x""")]
    [InlineData("""{"other":1}""")]
    public void Body_ThatIsNoReply_IsToldApart(string body) => Assert.Null(Read(Operation.Moderations, body));

    [Fact]
    public void Vendor_WithoutTheOperation_DoesNotTakeIt()
    {
        Assert.Null(new OpenAiModule(OpenAiVendors.All.Single(vendor => vendor.Protocol == "deepseek")).DirectFor(Operation.ImageGenerations));
        Assert.NotNull(new OpenAiModule(OpenAiVendors.OpenAi).DirectFor(Operation.ImageGenerations));
    }

    [Fact]
    public void Vendors_NameOnlyOperationsThatThereAre() =>
        Assert.All(OpenAiVendors.All.SelectMany(vendor => vendor.Operations ?? []), name => Assert.Contains(Routes.Journey, operation => operation.Name == name && operation.Kind == OperationKind.Other));

    [Theory]
    [InlineData("""{"prompt":"a","n":3,"size":"512x512","quality":"auto"}""", 3, "512x512", null)]
    [InlineData("""{"prompt":"a","n":-3}""", 1, null, null)]
    public void AskedUnits_OfImages(string body, long images, string? size, string? quality)
    {
        var units = AskedUnits.Read(Operation.ImageGenerations, Encoding.UTF8.GetBytes(body));

        Assert.Equal((images, size, quality), (units.Images, units.ImageSize, units.ImageQuality));
    }

    [Fact]
    public void AskedUnits_OfSpeech_CountCodePoints() =>
        Assert.Equal(3, AskedUnits.Read(Operation.Speech, """{"input":"a\u00fc😀","voice":"x"}"""u8).Characters);

    private static ReplyFacts? Read(Operation operation, string body, string? mediaType = null)
    {
        var facts = new ReplyFacts { MediaType = mediaType };
        return OpenAiOperations.Find(operation, OpenAiVendors.OpenAi)!.TryReadReply(Encoding.UTF8.GetBytes(body), facts) ? facts : null;
    }

    private static (ReplyFacts Facts, List<StreamAction> Actions) Stream(Operation operation, params string[] events)
    {
        var facts = new ReplyFacts();
        var direct = OpenAiOperations.Find(operation, OpenAiVendors.OpenAi)!;
        return (facts, [.. events.Select(data => direct.ReadEvent(Encoding.UTF8.GetBytes(data), facts, hideUsage: false).Action)]);
    }
}
