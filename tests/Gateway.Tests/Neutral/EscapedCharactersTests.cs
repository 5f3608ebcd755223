using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers.Gemini;

namespace AspireGateway.Gateway.Tests.Neutral;

/// <summary>Counting characters of texts that stay escaped, and finding them by their bytes.</summary>
public sealed class EscapedCharactersTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("Köln 😀", 6)]
    [InlineData("""\n\"\\""", 3)]
    [InlineData("""\u00fc\ud83d\ude00x""", 3)]
    [InlineData("""\ud83d""", 1)]
    [InlineData("""\ude00""", 0)]
    public void In_ATextWithEscapes_CountsCodePoints(string escaped, int characters) =>
        Assert.Equal(characters, EscapedCharacters.In(Encoding.UTF8.GetBytes(escaped)));

    [Theory]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData("\\u")]
    [InlineData("\\u12")]
    [InlineData("ab\\uZZZZ")]
    public void In_ACutEscape_DoesNotThrow(string escaped) => Assert.InRange(EscapedCharacters.In(Encoding.UTF8.GetBytes(escaped)), 0, 4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Places_OfEveryCharacter_AreFoundByTheirBytes(bool isEscaped)
    {
        const string Text = "Plain words first.\n\"Köln\" und 東京 😀, then plain again; and so on beyond sixty-four bytes é.";
        var escaped = isEscaped ? JsonSerializer.Serialize(Text)[1..^1] : Text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var places = new GeminiPlaces();
        foreach (var rune in Pieces(escaped)) places.Add(Encoding.UTF8.GetBytes(rune));

        var (bytes, characters) = (0, 0);
        foreach (var rune in Text.EnumerateRunes())
        {
            Assert.Equal(new AnswerPlace(characters, characters + 1), places.Of(bytes, bytes + rune.Utf8SequenceLength));
            bytes += rune.Utf8SequenceLength;
            characters++;
        }
        Assert.Equal(bytes, places.Bytes);
        Assert.Equal(default, places.Of(0, bytes + 1));
        Assert.Equal(default, places.Of(-1, 2));
        Assert.Equal(default, places.Of(3, 2));
    }

    [Fact]
    public void Places_OfAnEndlessAnswer_AreGivenUp()
    {
        var places = new GeminiPlaces();
        var words = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("é", 512 * 1024)));
        for (var i = 0; i < 20; i++) places.Add(words);

        Assert.Equal(default, places.Of(0, 2));
    }

    /// <summary>Pieces of seven characters, none of which cuts an escape or a surrogate pair.</summary>
    private static IEnumerable<string> Pieces(string escaped)
    {
        for (var at = 0; at < escaped.Length;)
        {
            var length = Math.Min(7, escaped.Length - at);
            while (at + length < escaped.Length && (char.IsLowSurrogate(escaped[at + length]) || escaped.AsSpan(at, length).LastIndexOf('\\') is var slash and >= 0 && slash > length - 12)) length++;
            yield return escaped.Substring(at, length);
            at += length;
        }
    }
}
