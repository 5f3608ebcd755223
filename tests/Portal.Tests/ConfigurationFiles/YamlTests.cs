using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles.Yaml;

namespace AspireGateway.Portal.Tests.ConfigurationFiles;

/// <summary>YAML that wants to hurt, and texts that look like something else.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("a: &x [1]\nb: *x", "line 1, column 4: anchors")]
    [InlineData("a: *x", "line 1, column 4: aliases")]
    [InlineData("a: !!binary aGk=", "line 1, column 4: tags")]
    [InlineData("a: !ruby/object:X {}", "line 1, column 4: tags")]
    [InlineData("base: {}\n<<: {a: 1}", "line 2, column 1: merge keys")]
    [InlineData("a: 1\nb: 2\na: 3", "line 3, column 1: a stands twice; the first one is in line 1")]
    [InlineData("a: 1\n---\nb: 2", "a second document begins")]
    [InlineData("? [a]\n: 1", "the name of a field is a text")]
    [InlineData("a: [1, 2", "this is not YAML")]
    [InlineData("a: \"x", "this is not YAML")]
    [InlineData("", "The file is empty")]
    [InlineData("# only this", "The file is empty")]
    public void File_ThatIsStrange_IsRefusedWithItsPlace(string yaml, string said) => Assert.Contains(said, Refused(yaml), StringComparison.Ordinal);

    [Fact]
    public void Bombs_AreRefusedBeforeTheyGrow()
    {
        var began = Stopwatch.GetTimestamp();
        var laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 20; i++) laughs.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        Assert.Contains("anchors are not read here", Refused(laughs.ToString()), StringComparison.Ordinal);
        Assert.Contains("more than 16 deep", Refused($"a: {new string('[', 100_000)}"), StringComparison.Ordinal);
        Assert.Contains("more than 16 deep", Refused(string.Join('\n', Enumerable.Range(0, 500).Select(i => $"{new string(' ', i)}a:"))), StringComparison.Ordinal);
        Assert.Contains("larger than 4 MB", Refused(new string('a', 10 * 1024 * 1024)), StringComparison.Ordinal);
        Assert.Contains("more than 400000 values", Refused($"a: [{string.Join(',', Enumerable.Repeat('1', 500_000))}]"), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("on")]
    [InlineData("NO")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData(" blank ")]
    [InlineData("1e3")]
    [InlineData("007")]
    [InlineData("2026-11-29")]
    [InlineData("a: b")]
    [InlineData("a:b")]
    [InlineData("a:")]
    [InlineData("a #b")]
    [InlineData("- a")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("!a")]
    [InlineData("{a}")]
    [InlineData("[a]")]
    [InlineData("a, b")]
    [InlineData("openai/*")]
    [InlineData("https://x.example/y?z=1#w")]
    [InlineData("quote \" and \\ back")]
    [InlineData("two\nlines")]
    [InlineData("two\n\nparagraphs: #1\n- x")]
    [InlineData("ends in a line\n")]
    [InlineData(" begins blank\nx")]
    [InlineData("tab\there")]
    [InlineData("Überraschung ✓ 🎉")]
    [InlineData("\u0001\u0085\u2028\ufeff")]
    [InlineData("<<")]
    [InlineData("---")]
    [InlineData("=")]
    public void Text_OfAnyLook_ComesBackAsItWas(string text)
    {
        var yaml = new StringBuilder();
        YamlText.Fields(yaml, new JsonObject { ["value"] = text, ["list"] = new JsonArray(text, new JsonObject { [text] = text }) }, 0);
        var read = YamlReader.Read(yaml.ToString());
        Assert.True(read.Succeeded, $"{read.Failure?.Message}\n{yaml}");
        var map = Assert.IsType<YamlMap>(read.Value);
        var list = Assert.IsType<YamlList>(map.Fields[1].Value);
        var inner = Assert.IsType<YamlMap>(list.Items[1]).Fields.Single();
        Assert.Equal(
            (text, text, text, text),
            (Assert.IsType<YamlScalar>(map.Fields[0].Value).Text, Assert.IsType<YamlScalar>(list.Items[0]).Text, inner.Name, Assert.IsType<YamlScalar>(inner.Value).Text));
        Assert.False(Assert.IsType<YamlScalar>(map.Fields[0].Value).IsNull);
    }

    private static string Refused(string yaml) => Assert.IsType<Failure.Invalid>(YamlReader.Read(yaml).Failure).Message;
}
