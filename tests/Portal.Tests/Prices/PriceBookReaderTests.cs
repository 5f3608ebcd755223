using System.Globalization;
using System.Text;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Prices;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Portal.Tests.Prices;

public sealed class PriceBookReaderTests
{
    private const long Dollar = 1_000_000_000;

    [Theory]
    [InlineData("1.5e-07", 150_000_000)]
    [InlineData("1.5E-7", 150_000_000)]
    [InlineData("0.00000015", 150_000_000)]
    [InlineData("0.000000150", 150_000_000)]
    [InlineData("15e-8", 150_000_000)]
    [InlineData("3.083e-05", 30_830_000_000)]
    [InlineData("1.9999999999999998e-07", 200_000_000)]
    [InlineData("1e-15", 1)]
    [InlineData("5e-16", 1)]
    [InlineData("4.9e-16", 0)]
    [InlineData("1e-60", 0)]
    [InlineData("0e+99", 0)]
    [InlineData("0", 0)]
    [InlineData("0.0", 0)]
    [InlineData("1", 1_000_000_000_000_000)]
    public void Amount_PerToken_IsExactNanoUsdOfAMillion(string written, long expected)
    {
        Assert.True(ExactAmount.TryRead(Encoding.ASCII.GetBytes(written), ExactAmount.PerMillion, out var amount));
        Assert.Equal(expected, amount);
    }

    [Theory]
    [InlineData("-1e-07")]
    [InlineData("1e99")]
    [InlineData("1e+999999999")]
    [InlineData("one")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1 ")]
    public void Amount_ThatIsNoPrice_IsRefused(string written) =>
        Assert.False(ExactAmount.TryRead(Encoding.ASCII.GetBytes(written), ExactAmount.PerMillion, out _));

    [Fact]
    public void Amount_EqualsDecimalArithmetic() => Prop.ForAll(
        (from digits in Gen.Choose(0, int.MaxValue) from scale in Gen.Choose(0, 20) select (digits, scale)).ToArbitrary(),
        given =>
        {
            var dollars = new decimal(given.digits, 0, 0, false, (byte)given.scale);
            if (dollars > 9_000) return true;
            var text = dollars.ToString(CultureInfo.InvariantCulture);
            return ExactAmount.TryRead(Encoding.ASCII.GetBytes(text), ExactAmount.PerMillion, out var plain)
                && ExactAmount.TryRead(Encoding.ASCII.GetBytes($"{given.digits}e-{given.scale}"), ExactAmount.PerMillion, out var scientific)
                && plain == scientific && plain == Math.Round(dollars * 1_000_000_000_000_000m, MidpointRounding.AwayFromZero);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Model_WithEverything_IsReadIntoItsPlaces()
    {
        var entry = Only("""
            {"openai/big": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 272000, "max_output_tokens": "128000", "max_tokens": 9,
              "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 2.5e-07,
              "cache_creation_input_token_cost": 3.125e-06, "cache_creation_input_token_cost_above_1hr": 5e-06,
              "input_cost_per_audio_token": 4e-05, "output_cost_per_audio_token": 8e-05,
              "input_cost_per_token_above_200k_tokens": 5e-06, "output_cost_per_token_above_200k_tokens": 1.5e-05,
              "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1e-05,
              "input_cost_per_token_flex": 1.25e-06, "output_cost_per_token_flex": 5e-06, "input_cost_per_token_above_200k_tokens_flex": 2.5e-06,
              "input_cost_per_token_priority": 5e-06, "input_cost_per_token_batches": 1.25e-06, "output_cost_per_token_batches": 5e-06,
              "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_medium": 0.025, "search_context_size_high": 0.05},
              "supports_vision": true, "supports_function_calling": true, "supports_response_schema": true, "supports_reasoning": false,
              "supports_audio_input": true, "supports_prompt_caching": null, "supports_pdf_input": true, "tiered_pricing": [{"a": [1, {}]}],
              "input_cost_per_second": 0.1, "output_cost_per_reasoning_token": 1, "metadata": {"notes": "x"}}}
            """);

        Assert.Equal(("openai", "big", 272_000, 128_000), (entry.Protocol, entry.Model, entry.ContextTokens, entry.MaxOutputTokens));
        Assert.Equal(ModelAbilities.Vision | ModelAbilities.Tools | ModelAbilities.JsonSchema | ModelAbilities.Audio, entry.Abilities);
        Assert.Equal(
            new PriceComponents
            {
                Input = 2_500_000_000, CacheRead = 250_000_000, CacheWrite = 3_125_000_000, CacheWrite1h = 5 * Dollar, Output = 10 * Dollar,
                AudioInput = 40 * Dollar, AudioOutput = 80 * Dollar, Search = 25_000_000,
                Steps = [new() { Above = 200_000, Input = 5 * Dollar, Output = 15 * Dollar, CacheWrite1h = 10 * Dollar }],
                Tiers =
                [
                    new() { Name = "batch", Input = 1_250_000_000, Output = 5 * Dollar },
                    new() { Name = "flex", Input = 1_250_000_000, Output = 5 * Dollar, Steps = [new() { Above = 200_000, Input = 2_500_000_000, Output = 5 * Dollar }] },
                    // What a tier does not name stays as in the standard tier.
                    new() { Name = "priority", Input = 5 * Dollar, Output = 10 * Dollar },
                ],
            },
            entry.Price);
    }

    [Fact]
    public void Units_HaveTheirPrices()
    {
        Assert.Equal(100 * Dollar, Price("""{"whisper-1": {"litellm_provider": "openai", "mode": "audio_transcription", "input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001}}""").Second);
        Assert.Equal(15 * Dollar, Price("""{"tts-1": {"litellm_provider": "openai", "input_cost_per_character": 1.5e-05}}""").Character);
        Assert.Equal(2_000_000, Price("""{"r": {"litellm_provider": "cohere", "mode": "rerank", "input_cost_per_query": 0.002, "input_cost_per_token": 0.0}}""").Search);
        Assert.Equal(7, Price("""{"r": {"litellm_provider": "x", "input_cost_per_request": 7e-9}}""").Request);
        // Tokens are what is paid; the amount per image says what they come to.
        Assert.Null(Price("""{"i": {"litellm_provider": "gemini", "mode": "image_generation", "output_cost_per_image": 0.039, "output_cost_per_token": 3e-05}}""").Images);
        Assert.Equal(40 * Dollar, Price("""{"i": {"litellm_provider": "openai", "mode": "image_generation", "output_cost_per_image_token": 4e-05}}""").Output);
    }

    [Fact]
    public void Images_OfSeveralKeys_BecomeOneModel()
    {
        var entry = Only("""
            {"hd/1024-x-1792/dall-e-3": {"litellm_provider": "openai", "input_cost_per_pixel": 6.539e-08},
             "standard/1024-x-1024/dall-e-3": {"litellm_provider": "openai", "output_cost_per_image": 0.04},
             "dall-e-3": {"litellm_provider": "openai", "mode": "image_generation"}}
            """);

        Assert.Equal("dall-e-3", entry.Model);
        // 1024 x 1792 x 6.539e-08 dollars, exact
        Assert.Equal(
            [("1024x1792", "hd", 119_991_173), ("1024x1024", "standard", 40_000_000), (null, null, 40_000_000L)],
            entry.Price!.Images!.Select(i => (i.Size, i.Quality, i.Price)));
    }

    [Theory]
    [InlineData("", "", "", "no valid JSON")]
    [InlineData("{", "", "", "no valid JSON")]
    [InlineData("""{"a": {"litellm_provider": "openai", "input_cost_per_token": 1e-6}""", "", "", "no valid JSON")]
    [InlineData("""{"a": {"litellm_provider": "openai"}} x""", "", "", "no valid JSON")]
    [InlineData("[]", "", "", "an object whose members are models")]
    [InlineData("{}", "", "", "holds no model")]
    [InlineData("""{"a": 1}""", "a", "", "is an object")]
    [InlineData("""{"a": {"input_cost_per_token": 1e-6}}""", "a", "litellm_provider", "missing")]
    [InlineData("""{"a": {"litellm_provider": 7}}""", "a", "litellm_provider", "is a text")]
    [InlineData("""{"a": {"litellm_provider": "openai", "input_cost_per_token": -1e-6}}""", "a", "input_cost_per_token", "from 0 to 1")]
    [InlineData("""{"a": {"litellm_provider": "openai", "input_cost_per_token": 2}}""", "a", "input_cost_per_token", "from 0 to 1")]
    [InlineData("""{"a": {"litellm_provider": "openai", "output_cost_per_token_flex": true}}""", "a", "output_cost_per_token_flex", "from 0 to 1")]
    [InlineData("""{"a": {"litellm_provider": "openai", "output_cost_per_token": "cheap"}}""", "a", "output_cost_per_token", "from 0 to 1")]
    [InlineData("""{"a": {"litellm_provider": "openai", "max_input_tokens": 1e12}}""", "a", "max_input_tokens", "a number of tokens")]
    [InlineData("""{"a": {"litellm_provider": "openai", "supports_vision": "yes"}}""", "a", "supports_vision", "true or false")]
    [InlineData("""{"a": {"litellm_provider": "openai", "mode": "chat", "mode": "chat"}}""", "a", "mode", "twice")]
    [InlineData("""{"a": {"litellm_provider": "openai"}, "a": {"litellm_provider": "openai"}}""", "a", "", "twice")]
    public void BadFile_IsRefusedWhole_WithModelAndField(string file, string model, string field, string message)
    {
        var reading = Read(file);
        Assert.Null(reading.Book);
        Assert.Equal((model, field), (reading.Faults[0].Model, reading.Faults[0].Field));
        Assert.Contains(message, reading.Faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFault_IsNamed()
    {
        var reading = Read("""{"a": {"litellm_provider": "openai", "input_cost_per_token": -1, "output_cost_per_token": "x"}, "b": {"mode": "chat"}, "c": {"litellm_provider": "openai"}}""");
        Assert.Equal(["a: input_cost_per_token", "a: output_cost_per_token", "b: litellm_provider"], reading.Faults.Select(f => $"{f.Model}: {f.Field}"));
    }

    [Fact]
    public void Example_InThePlaceOfAModel_IsPassedOver() =>
        Assert.Equal("a", Only("""{"sample_spec": {"litellm_provider": "one of ...", "max_input_tokens": "the most, if known"}, "a": {"litellm_provider": "x", "input_cost_per_token": 0}}""").Model);

    [Fact]
    public async Task LargeFile_InSmallPieces_IsReadTheSame()
    {
        var text = new StringBuilder("\uFEFF{");
        for (var i = 0; i < 12_000; i++)
            text.Append(CultureInfo.InvariantCulture, $$"""{{(i == 0 ? "" : ",")}}"model-{{i}}": {"litellm_provider": "openai", "input_cost_per_token": {{i}}e-09, "notes": "{{new string('x', i % 97)}}", "supports_vision": true}""");
        text.Append('}');
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        Assert.InRange(bytes.Length, 1_400_000, 3_000_000);

        foreach (var step in new[] { 7, 4096, int.MaxValue })
        {
            var reading = await PriceBookReader.ReadAsync(new Dripping(bytes, step), CancellationToken.None);
            Assert.Empty(reading.Faults);
            Assert.Equal(12_000, reading.Book!.Count);
            Assert.Equal(11_999_000_000, reading.Book.Find("openai", "model-11999")!.Price!.Input);
        }
    }

    [Fact]
    public void FileCutAnywhere_IsRefused()
    {
        var whole = Encoding.UTF8.GetBytes("""{"a": {"litellm_provider": "openai", "input_cost_per_token": 1.5e-07}, "b": {"litellm_provider": "x"}}""");
        for (var length = 0; length < whole.Length; length++) Assert.Null(PriceBookReader.Read(new MemoryStream(whole, 0, length)).Book);
        Assert.NotNull(PriceBookReader.Read(new MemoryStream(whole)).Book);
    }

    [Fact]
    public void AnyBytes_NeverThrow() => Prop.ForAll(
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<byte[]>(),
            Gen.Elements("{", "}", "[", "\"a\":", "\"litellm_provider\":", "\"openai\"", ",", "1e-7", "-", "null", "\"input_cost_per_token\":", "{\"a\":{", "}}", "\\u", "\"max_input_tokens\":", "1e400")
                .ListOf().Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)))).ToArbitrary(),
        bytes =>
        {
            var reading = PriceBookReader.Read(new MemoryStream(bytes));
            return (reading.Book is null) == (reading.Faults.Count > 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    private static PriceBookReading Read(string text) => PriceBookReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static PriceBookEntry Only(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Faults);
        return Assert.Single(reading.Book!.Entries);
    }

    private static PriceComponents Price(string text) => Only(text).Price!;

    private sealed class Dripping(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}
