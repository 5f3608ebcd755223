using System.Numerics.Tensors;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Tests.Caching.Semantic.Embedding;

public sealed class LexicalEmbedderTests
{
    [Fact]
    public void TryEmbed_AText_HasUnitLengthAndIsTheSameEachTime()
    {
        var (one, again) = (Vector("How do I sort a list?"), Vector("How do I sort a list?"));
        Assert.Equal(one, again);
        Assert.Equal(1, TensorPrimitives.Norm<float>(one), 5);
        // Rows outlive the build: these numbers change only together with LexicalEmbedder.Version.
        Assert.Equal((56, 9), (Array.FindIndex(one, value => value != 0), one.Count(value => value != 0)));
    }

    [Fact]
    public void TryEmbed_MoreInCommon_LiesCloser()
    {
        var asked = Vector("how do I sort a list of names");
        var (form, part, other) = (Dot(asked, Vector("Sorting lists of names, how?")), Dot(asked, Vector("how do I sort a table")), Dot(asked, Vector("weather tomorrow")));
        Assert.True(form > part && part > other, $"{form} {part} {other}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("what is the")]
    [InlineData("5 7")]
    public void TryEmbed_NothingThatCarriesMeaning_IsFalse(string text)
    {
        using var words = new QuestionText();
        Assert.True(QuestionReader.TryRead(text, 400, words));
        Assert.False(LexicalEmbedder.TryEmbed(words, new float[LexicalEmbedder.Dimensions]));
    }

    [Fact]
    public void TryNormalise_WhatIsNoVector_IsFalse()
    {
        Assert.False(LexicalEmbedder.TryNormalise(new float[4]));
        Assert.False(LexicalEmbedder.TryNormalise(new[] { 1, float.NaN }));
        Assert.False(LexicalEmbedder.TryNormalise(new[] { 1, float.PositiveInfinity }));
    }

    private static float Dot(float[] one, float[] other) => TensorPrimitives.Dot<float>(one, other);

    private static float[] Vector(string text)
    {
        using var words = new QuestionText();
        var vector = new float[LexicalEmbedder.Dimensions];
        Assert.True(QuestionReader.TryRead(text, 400, words) && LexicalEmbedder.TryEmbed(words, vector));
        return vector;
    }
}
