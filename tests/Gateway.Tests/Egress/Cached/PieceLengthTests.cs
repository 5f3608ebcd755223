using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Egress.Cached;

namespace AspireGateway.Gateway.Tests.Egress.Cached;

public sealed class PieceLengthTests
{
    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("The quick brown fox jumps over the lazy dog, again and again, until the night comes.")]
    [InlineData("ein sehr langes Wort: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsmitgliedsausweisinhaberverzeichnis und mehr")]
    [InlineData("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。")]
    [InlineData("\"\\\n\t😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀 end of it")]
    [InlineData("no blanks \u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002\u0001\u0002")]
    public void Of_Text_IsCutIntoWholeJsonPieces(string text)
    {
        var escaped = JsonEncodedText.Encode(text).EncodedUtf8Bytes;
        var readable = JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        Assert.Equal(text, string.Concat(Pieces(escaped)));
        Assert.Equal(text, string.Concat(Pieces(readable)));
    }

    [Fact]
    public void Of_Sentence_EndsBehindWords() =>
        Assert.All(Pieces("The quick brown fox jumps over the lazy dog, again and again, until the night comes."u8)[..^1], piece => Assert.EndsWith(" ", piece));

    private static List<string> Pieces(ReadOnlySpan<byte> rest)
    {
        var pieces = new List<string>();
        while (!rest.IsEmpty)
        {
            var length = PieceLength.Of(rest);
            Assert.InRange(length, 1, rest.Length);
            pieces.Add(JsonSerializer.Deserialize<string>($"\"{Encoding.UTF8.GetString(rest[..length])}\"")!);
            rest = rest[length..];
        }
        return pieces;
    }
}
