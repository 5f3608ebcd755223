using System.Text;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Shared.Checks;

namespace AspireGateway.Gateway.Tests.Guardrails.External;

public sealed class ScreenedTextsTests
{
    [Fact]
    public void PlaceOf_AnyStretchOfAnyPart_IsThatAmongAllTexts()
    {
        using var texts = new BodyTexts();
        Assert.True(BodyTextReader.TryRead(Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"one"},{"role":"user","content":""},{"role":"user","content":"three"},{"role":"user","content":"4"}]}"""), 64, texts));
        var sent = ScreenedTexts.Of(texts);
        Assert.Equal("one\n\nthree\n4", sent.Text);
        foreach (var word in new[] { "one", "three", "4", "ne", "hre" })
        {
            var (start, length) = sent.PlaceOf(sent.Text.IndexOf(word, StringComparison.Ordinal), word.Length);
            Assert.Equal(word, texts.All.Slice(start, length).ToString());
        }
        var (from, all) = sent.PlaceOf(0, sent.Text.Length);
        Assert.Equal("onethree4", texts.All.Slice(from, all).ToString());
    }

    [Theory]
    [InlineData("abc", 1, 2, 1, 2)]
    [InlineData("😀b😀", 1, 3, 2, 5)]
    [InlineData("😀", 0, 1, 0, 2)]
    public void TryConvert_CodePoints_AreUnits(string text, int start, int end, int unitStart, int unitEnd)
    {
        int[] places = [start, end];
        Assert.True(CodePoints.TryConvert(text, places));
        Assert.Equal([unitStart, unitEnd], places);
    }

    [Theory]
    [InlineData("abc", 4)]
    [InlineData("😀b", 3)]
    public void TryConvert_OutsideOfTheText_IsRefused(string text, int place) => Assert.False(CodePoints.TryConvert(text, [place]));
}
