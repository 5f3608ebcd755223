using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Index;

namespace AspireGateway.Gateway.Tests.Caching.Semantic.Index;

public sealed class RowCodecTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly CacheDigest Scope = Rows.Digest(-1);

    private readonly RowCodec codec = new(Key);

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(RowCodec.MostDimensions)]
    public void Open_WhatWasSealed_IsTheRow(int dimensions)
    {
        var row = Rows.Row(7, dimensions);
        var opened = codec.Open(codec.Seal(row, Scope), Scope, row.Digest)!;
        Assert.Equal((row.Digest, row.EndsAtMs), (opened.Digest, opened.EndsAtMs));
        Assert.Equal(row.Words, opened.Words);
        Assert.Equal(dimensions, opened.Vector.Length);
        for (var i = 0; i < dimensions; i++) Assert.Equal(row.Vector[i], opened.Vector[i], 0.001f);
    }

    [Fact]
    public void Open_AnythingElse_IsNone()
    {
        var row = Rows.Row(7);
        var whole = codec.Seal(row, Scope);
        Assert.Null(codec.Open(whole, Rows.Digest(-2), row.Digest));
        Assert.Null(codec.Open(whole, Scope, Rows.Digest(8)));
        Assert.Null(new RowCodec(RandomNumberGenerator.GetBytes(32)).Open(whole, Scope, row.Digest));
        Assert.Null(codec.Open(whole.AsSpan(1), Scope, row.Digest));
        Assert.Null(codec.Open("nonsense"u8, Scope, row.Digest));
        Assert.Null(codec.Open([], Scope, row.Digest));
        for (var at = 0; at < whole.Length; at += 7)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            Assert.Null(codec.Open(damaged, Scope, row.Digest));
        }
    }

    [Fact]
    public void Seal_TheSameTwice_LooksUnlike() => Assert.NotEqual(Encoding.Latin1.GetString(codec.Seal(Rows.Row(7), Scope)), Encoding.Latin1.GetString(codec.Seal(Rows.Row(7), Scope)));
}
