using AspireGateway.Shared.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Routing;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("gpt-4o", "gpt-4o", true)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("openai/*", "openai/gpt-4o", true)]
    [InlineData("openai/*", "anthropic/claude", false)]
    [InlineData("*-mini", "gpt-4o-mini", true)]
    [InlineData("*", "", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-b-b-d", false)]
    [InlineData("GPT-4o", "gpt-4o", false)]
    public void Pattern_Matches(string pattern, string name, bool expected) => Assert.Equal(expected, ModelPattern.Matches(pattern, name));

    [Fact]
    public void EmptyList_CoversEverything() => Assert.True(ModelPattern.AnyMatches([], "anything"));

    [Fact]
    public void Pattern_AgreesWithPlainRecursion()
    {
        var text = Gen.Choose(0, 7).SelectMany(length => Gen.Elements('a', 'b', '*').ArrayOf(length)).Select(chars => string.Concat(chars));
        var name = Gen.Choose(0, 10).SelectMany(length => Gen.Elements('a', 'b').ArrayOf(length)).Select(chars => string.Concat(chars));
        Prop.ForAll(text.Zip(name).ToArbitrary(), pair => ModelPattern.Matches(pair.Item1, pair.Item2) == Slow(pair.Item1, pair.Item2)).QuickCheckThrowOnFailure();
    }

    private static bool Slow(string pattern, string name) =>
        pattern.Length == 0
            ? name.Length == 0
            : pattern[0] == '*'
                ? Slow(pattern[1..], name) || (name.Length > 0 && Slow(pattern, name[1..]))
                : name.Length > 0 && pattern[0] == name[0] && Slow(pattern[1..], name[1..]);
}
