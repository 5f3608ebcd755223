using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Tests.Caching.Entries;

public sealed class EntryCodecTests
{
    private static readonly CacheDigest Digest = CacheDigest.Of("question"u8);

    private readonly EntryCodec codec = new(RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData(2)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(300_000)]
    public void Seal_ThenOpen_IsTheSame(int length)
    {
        var reply = Reply(length);
        var opened = codec.Open(codec.Seal(reply, Digest), Digest);

        Assert.Equal(reply.Body, opened!.Body);
        Assert.Equal(reply with { Body = opened.Body }, opened);
    }

    [Fact]
    public void Seal_LongText_TakesLessRoom() => Assert.InRange(codec.Seal(Reply(100_000), Digest).Length, 100, 20_000);

    [Fact]
    public void Seal_Noise_StaysAsItIs()
    {
        var reply = Reply(1) with { Body = RandomNumberGenerator.GetBytes(5_000) };
        Assert.Equal(reply.Body, codec.Open(codec.Seal(reply, Digest), Digest)!.Body);
    }

    [Fact]
    public void Open_AnyDamage_IsNone()
    {
        var entry = codec.Seal(Reply(200), Digest);
        for (var i = 0; i < entry.Length; i++)
        {
            entry[i] ^= 1;
            Assert.Null(codec.Open(entry, Digest));
            entry[i] ^= 1;
        }
        for (var length = 0; length < entry.Length; length++) Assert.Null(codec.Open(entry.AsSpan(0, length), Digest));
    }

    [Fact]
    public void Open_UnderAnotherDigestOrKey_IsNone()
    {
        var entry = codec.Seal(Reply(200), Digest);
        Assert.Null(codec.Open(entry, CacheDigest.Of("another"u8)));
        Assert.Null(new EntryCodec(RandomNumberGenerator.GetBytes(32)).Open(entry, Digest));
    }

    private static CachedReply Reply(int length) => new()
    {
        CreatedAtMs = 1_790_000_000_123, TtlSeconds = 60, LatencyUs = 1_234_567, CostNanoUsd = 99, DeploymentId = Guid.CreateVersion7(), Deployment = "gpt-ä", Provider = "sim", ServedModel = null,
        Body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("the words of a reply ", length / 20 + 1))[..length]),
    };
}
