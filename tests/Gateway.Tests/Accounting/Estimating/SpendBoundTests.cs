using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Accounting.Estimating;

/// <summary>A hold is a true upper bound: whatever a provider may count for a request, it costs no more.</summary>
public sealed class SpendBoundTests
{
    private static readonly string[] Protocols = ["openai", "azure-openai", "anthropic", "bedrock", "gemini", "vertex", "mistral", "vllm", "openrouter"];

    private static readonly Gen<long> Amount = Gen.OneOf(Gen.Constant(0L), Gen.Choose(1, 5000).Select(n => (long)n), Gen.Choose(1, int.MaxValue).Select(n => n * 50L));

    private static readonly Gen<long?> Optional = Gen.OneOf(Amount.Select(n => (long?)n), Gen.Constant((long?)null));

    private static readonly Gen<PriceComponents> Prices =
        from input in Amount
        from output in Amount
        from o in Optional.ArrayOf(8)
        from request in Gen.Choose(0, 1000)
        from image in Amount
        from step in Gen.Choose(1, 4000)
        from stepInput in Amount
        from stepOutput in Amount
        from kinds in Gen.Choose(0, 7)
        select new PriceComponents
        {
            Input = input, Output = output, CacheRead = o[0], CacheWrite = o[1], CacheWrite1h = o[2], AudioInput = o[3], AudioOutput = o[4],
            Second = o[5], Character = o[6], Search = o[7], Request = request,
            Images = (kinds & 1) == 0 ? null : [new() { Price = image }, new() { Size = "1024x1024", Quality = "high", Price = image + 7 }, new() { Size = "512x512", Price = image / 2 }],
            // Cheaper steps too: a provider that finds the prompt shorter than its bound takes the dearer price before the step.
            Steps = (kinds & 2) == 0 ? null : [new() { Above = step, Input = stepInput, Output = stepOutput }],
            Tiers = (kinds & 4) == 0 ? null : [new() { Name = "flex", Input = input / 2, Output = output / 2 }, new() { Name = "priority", Input = input * 2, Output = output * 2, Steps = [new() { Above = step, Input = input * 3, Output = output * 3 }] }],
        };

    private static readonly Gen<Shape> Shapes =
        from text in Gen.Choose(0, 3000)
        from messages in Gen.Choose(1, 6)
        from images in Gen.Choose(0, 3)
        from recordings in Gen.Choose(0, 2)
        from tools in Gen.Choose(0, 3)
        from choices in Gen.Choose(0, 4)
        from marker in Gen.Elements("", "5m", "1h")
        from tier in Gen.Elements<string?>(null, "auto", "flex", "priority")
        from cap in Gen.OneOf(Gen.Constant((long?)null), Gen.Choose(1, 5000).Select(n => (long?)n))
        from protocol in Gen.Elements(Protocols)
        select new Shape(text, messages, images, recordings, tools, choices, marker, tier, cap, protocol);

    // What a provider reports, as parts of what the request can be: from nothing to all of it.
    private static readonly Gen<int[]> Parts = Gen.Choose(0, 1000).ArrayOf(10);

    [Fact]
    public void WhateverAProviderCounts_CostsNoMore() => Prop.ForAll(
        (from shape in Shapes from price in Prices from parts in Parts from servedTier in Gen.Elements<string?>(null, "default", "asked") select (Shape: shape, Price: price, Parts: parts, ServedTier: servedTier)).ToArbitrary(),
        given =>
        {
            var (shape, price, parts, servedTier) = given;
            var facts = FactsOf(shape);
            var deployment = Deployment(shape.Protocol, context: null, maxOutput: 6000);
            var bound = SpendBound.Of(facts, deployment, new PriceSnapshot(Guid.Empty, default, price), keyCap: null);

            var (usage, units, output) = UsageOf(shape, parts, bound);
            var tier = servedTier == "asked" ? shape.Tier : servedTier;
            var cost = CostCalculator.CostOf(price, usage, units, tier);
            var perChoice = (output + Math.Max(1, shape.Choices) - 1) / Math.Max(1, shape.Choices);
            return cost <= bound.CostWith(perChoice) && cost <= bound.WorstNanoUsd && usage.TotalInput <= bound.InputTokens;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void MoreBytes_NeverBoundLess() => Prop.ForAll(
        (from shape in Shapes from price in Prices from more in Gen.Choose(0, 5000) select (Shape: shape, Price: price, More: more)).ToArbitrary(),
        given =>
        {
            var less = FactsOf(given.Shape);
            var more = FactsOf(given.Shape with { Text = given.Shape.Text + given.More });
            var price = new PriceSnapshot(Guid.Empty, default, given.Price);
            var deployment = Deployment(given.Shape.Protocol, context: 100_000, maxOutput: null);
            var (one, other) = (SpendBound.Of(less, deployment, price, 500), SpendBound.Of(more, deployment, price, 500));
            return other.InputNanoUsd >= one.InputNanoUsd && other.InputTokens >= one.InputTokens && other.OutputTokenNanoUsd >= one.OutputTokenNanoUsd && one.MaxOutputTokens <= 500;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData(null, null, null, null, 4096)]
    [InlineData(100L, null, null, null, 100)]
    [InlineData(100L, 50L, null, null, 50)]
    [InlineData(null, null, 8000, null, 8000)]
    [InlineData(9000L, 9001L, 8000, null, 8000)]
    [InlineData(null, null, 8000, 2000, 2000)]
    public void MaxOutput_IsTheLeastThatIsKnown(long? asked, long? keyCap, int? most, int? context, long expected)
    {
        var facts = Read(asked is null ? """{"messages":[1]}""" : string.Create(CultureInfo.InvariantCulture, $$"""{"messages":[1],"max_tokens":{{asked}}}"""));

        Assert.Equal(expected, SpendBound.Of(facts, Deployment("openai", context, most), null, keyCap).MaxOutputTokens);
    }

    [Fact]
    public void Output_IsPricedForEveryChoiceAndRoundedUp()
    {
        var price = new PriceSnapshot(Guid.Empty, default, new PriceComponents { Output = 37_500_000, AudioOutput = 1_000_000_000 });

        var one = Read("""{"messages":[1]}""");
        Assert.Equal(38, SpendBound.Of(one, Deployment("openai"), price, null).OutputTokenNanoUsd);
        var three = Read("""{"messages":[1],"n":3}""");
        Assert.Equal(114, SpendBound.Of(three, Deployment("openai"), price, null).OutputTokenNanoUsd);
        var spoken = Read("""{"messages":[1],"modalities":["text","audio"]}""");
        Assert.Equal(1000, SpendBound.Of(spoken, Deployment("openai"), price, null).OutputTokenNanoUsd);
    }

    [Fact]
    public void Picture_IsNotAMillionTokens()
    {
        var facts = Read($$$"""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{new string('A', 1_000_000)}}}"}}]}]}""");

        Assert.InRange(SpendBound.Of(facts, Deployment("anthropic"), null, null).InputTokens, 4_784, 7_000);
        Assert.InRange(SpendBound.Of(facts, Deployment("gemini"), null, null).InputTokens, 6_192, 9_000);
        Assert.InRange(SpendBound.Of(facts, Deployment("openai", model: "gpt-5"), null, null).InputTokens, 16_384, 19_000);
        Assert.InRange(SpendBound.Of(facts, Deployment("azure-openai", model: "my-own-name"), null, null).InputTokens, 48_169, 51_000);
    }

    [Fact]
    public void UnknownSize_IsTheContext_AndServersToolsReadItAgain()
    {
        var document = Read("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""");
        Assert.Equal(200_000, SpendBound.Of(document, Deployment("openai", context: 200_000), null, null).InputTokens);
        Assert.Equal(1_048_576, SpendBound.Of(document, Deployment("openai"), null, null).InputTokens);

        var search = Read("""{"input":"Hi","tools":[{"type":"web_search"}]}""", Operation.Responses);
        var bound = SpendBound.Of(search, Deployment("openai", context: 200_000), new PriceSnapshot(Guid.Empty, default, new PriceComponents { Search = 10_000_000 }), null);
        Assert.Equal(2_000_000, bound.InputTokens);
        Assert.Equal(200_000_000, bound.InputNanoUsd);
    }

    [Fact]
    public void LongPrompt_IsPricedAtTheStepItMayReach()
    {
        var price = new PriceSnapshot(Guid.Empty, default, new PriceComponents { Input = 1_000_000, Output = 1_000_000, Steps = [new() { Above = 3000, Input = 2_000_000, Output = 5_000_000 }] });

        var shorter = Read($$"""{"messages":[{"role":"user","content":"{{new string('x', 1000)}}"}]}""");
        Assert.Equal(1, SpendBound.Of(shorter, Deployment("openai"), price, null).OutputTokenNanoUsd);
        var longer = Read($$"""{"messages":[{"role":"user","content":"{{new string('x', 3000)}}"}]}""");
        var bound = SpendBound.Of(longer, Deployment("openai"), price, null);
        Assert.Equal((5, bound.InputTokens * 2), (bound.OutputTokenNanoUsd, bound.InputNanoUsd));
    }

    [Fact]
    public void Operations_WithoutOutputTokens_HaveNone()
    {
        var price = new PriceSnapshot(Guid.Empty, default, new PriceComponents { Input = 1_000_000, Output = 1_000_000, Search = 5, Character = 1_000_000, Images = [new() { Price = 40 }, new() { Quality = "high", Price = 90 }] });

        var embeddings = Read("""{"input":["a","b"]}""", Operation.Embeddings);
        Assert.Equal(0, SpendBound.Of(embeddings, Deployment("openai", context: 10), price, null).MaxOutputTokens);
        Assert.InRange(SpendBound.Of(embeddings, Deployment("openai", context: 10), price, null).InputTokens, 1000, 1100);
        var ranked = Read("""{"query":"q","documents":["a","b"]}""", Operation.Rerank);
        ranked.Units = AskedUnits.Read(Operation.Rerank, ranked.Body.Span);
        Assert.Equal(0, SpendBound.Of(ranked, Deployment("openai"), price, null).MaxOutputTokens);
        var count = Read("""{"messages":[1]}""", Operation.CountTokens);
        Assert.Equal(default, SpendBound.Of(count, Deployment("anthropic"), price, null));
        var images = Read("""{"prompt":"a","n":2}""", Operation.ImageGenerations);
        images.Units = AskedUnits.Read(Operation.ImageGenerations, images.Body.Span);
        var free = new PriceSnapshot(Guid.Empty, default, price.Components with { Input = 0, Output = 0 });
        Assert.Equal(180, SpendBound.Of(images, Deployment("openai"), free, null).WorstNanoUsd);
    }

    [Fact]
    public void Nonsense_NeitherOverflowsNorTakesMemory()
    {
        var facts = Read("""{"messages":[1],"n":2147483647,"max_tokens":9223372036854775807,"tools":[{"type":"web_search"}]}""");
        var price = new PriceSnapshot(Guid.Empty, default, new PriceComponents { Input = PriceRules.MaxPrice, Output = PriceRules.MaxPrice, Request = PriceRules.MaxPrice, Search = PriceRules.MaxPrice });
        var deployment = Deployment("openai", context: int.MaxValue);
        _ = SpendBound.Of(facts, deployment, price, null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var bound = SpendBound.Of(facts, deployment, price, null);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(long.MaxValue, bound.WorstNanoUsd);
        Assert.True(bound.InputNanoUsd > 0 && bound.OutputTokenNanoUsd > 0);
    }

    /// <summary>Usage that is consistent with the request: as many tokens as bytes, pictures and recordings allow, in whatever classes.</summary>
    private static (TokenUsage Usage, UnitUsage Units, long Output) UsageOf(Shape shape, int[] parts, in SpendBound bound)
    {
        // A byte a token, the smallest pictures' bound of all vendors, 32 tokens a second of speech at 16 kbit/s; the vendor's own words around it.
        var perPicture = shape.Protocol switch { "anthropic" => 4_784L, "gemini" or "vertex" => 6_192, "openai" or "azure-openai" => 48_169, "bedrock" => 4_784, _ => 16_384 };
        var most = shape.Text + 20L * shape.Messages + shape.Images * perPicture + shape.Recordings * 5 + 804;
        var total = most * parts[0] / 1000;
        var mayWrite = shape.Marker.Length > 0 || shape.Protocol is not ("anthropic" or "bedrock");
        var read = total * parts[1] / 1000;
        var written = mayWrite ? (total - read) * parts[2] / 1000 : 0;
        var input = total - read - written;
        var output = bound.MaxOutputTokens * Math.Max(1, shape.Choices) * parts[3] / 1000;
        return (
            new TokenUsage(input, read, written, output, output / 2),
            new UnitUsage
            {
                CacheWrite1hTokens = shape.Marker == "1h" ? written * parts[4] / 1000 : 0,
                AudioInputTokens = shape.Recordings > 0 ? input * parts[5] / 1000 : 0,
            },
            output);
    }

    private static RequestFacts FactsOf(Shape shape)
    {
        var body = new StringBuilder("""{"model":"m","messages":[""");
        for (var i = 0; i < shape.Messages; i++)
        {
            if (i > 0) body.Append(',');
            body.Append("""{"role":"user","content":[{"type":"text","text":" """).Append('x', shape.Text / shape.Messages + 1).Append('"');
            if (shape.Marker.Length > 0) body.Append(CultureInfo.InvariantCulture, $$""","cache_control":{"type":"ephemeral","ttl":"{{shape.Marker}}"}""");
            body.Append('}');
            for (var image = 0; i == 0 && image < shape.Images; image++) body.Append(""",{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}""");
            for (var sound = 0; i == 0 && sound < shape.Recordings; sound++) body.Append(""",{"type":"input_audio","input_audio":{"data":"AAAAAAAAAAAAAAAA","format":"mp3"}}""");
            body.Append("]}");
        }
        body.Append(']');
        if (shape.Tools > 0) body.Append(""","tools":[""").AppendJoin(',', Enumerable.Repeat("""{"type":"function","function":{"name":"f"}}""", shape.Tools)).Append(']');
        if (shape.Choices > 0) body.Append(CultureInfo.InvariantCulture, $""","n":{shape.Choices}""");
        if (shape.Tier is not null) body.Append(CultureInfo.InvariantCulture, $""","service_tier":"{shape.Tier}" """);
        if (shape.Cap is { } cap) body.Append(CultureInfo.InvariantCulture, $""","max_tokens":{cap}""");
        return Read(body.Append('}').ToString());
    }

    private static RequestFacts Read(string body, Operation? operation = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var facts = new RequestFacts(bytes, bytes.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation ?? Operation.ChatCompletions, 64));
        return facts;
    }

    private static DeploymentSnapshot Deployment(string protocol, int? context = null, int? maxOutput = null, string? model = null) => new()
    {
        Id = Guid.Empty,
        Name = "d",
        Provider = new ProviderSnapshot(Guid.Empty, "p", protocol, new Uri("http://127.0.0.1:1"), IsPrivate: true, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)),
        UpstreamModel = model ?? (protocol == "bedrock" ? "anthropic.claude-sonnet-4-5-v1:0" : "unknown"),
        ContextTokens = context,
        MaxOutputTokens = maxOutput,
        IsEnabled = true,
        Prices = [],
    };

    private sealed record Shape(int Text, int Messages, int Images, int Recordings, int Tools, int Choices, string Marker, string? Tier, long? Cap, string Protocol);
}
