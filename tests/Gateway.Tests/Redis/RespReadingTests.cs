using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Tests.Redis;

/// <summary>Replies are found and read the same however their bytes arrive, and nothing malformed gets through.</summary>
public sealed class RespReadingTests
{
    public static TheoryData<string> Replies =>
    [
        "+OK\r\n", "+\r\n", "-ERR it failed\r\n", ":0\r\n", ":-9223372036854775808\r\n", ":9223372036854775807\r\n",
        "$0\r\n\r\n", "$-1\r\n", "$5\r\nhello\r\n", "$4\r\n\r\n\r\n\r\n", "*0\r\n", "*-1\r\n",
        "*4\r\n:1\r\n$1\r\na\r\n:-3\r\n*1\r\n$2\r\nbb\r\n", "*2\r\n*0\r\n*1\r\n*1\r\n+deep\r\n", "*3\r\n$-1\r\n*-1\r\n-ERR inside\r\n",
    ];

    public static TheoryData<string> Faults =>
    [
        "x", "\r\n", "+a\rb\r\n", ":\r\n", ":1x\r\n", ":9223372036854775808\r\n", "$-2\r\n", "*-2\r\n", "$1\r\nab\r\n", "$a\r\n",
        "$67108865\r\n", "*67108864\r\n", "*2\r\n:1\r\n?\r\n", "$00000000000000000000000000000000000", "%1\r\n+a\r\n+b\r\n",
    ];

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reply_SplitAtEveryByte_IsFoundAtItsEnd(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var followed = Encoding.UTF8.GetBytes(text + "+next\r\n");
        for (var first = 0; first <= bytes.Length; first++)
        {
            var scanner = default(RespScanner);
            Assert.Equal(first < bytes.Length ? RespProgress.Partial : RespProgress.Complete, scanner.Scan(bytes.AsSpan(0, first)));
            Assert.Equal(RespProgress.Complete, scanner.Scan(followed));
            Assert.Equal(bytes.Length, scanner.Position);
        }
        var slow = default(RespScanner);
        for (var length = 0; length < bytes.Length; length++) Assert.Equal(RespProgress.Partial, slow.Scan(bytes.AsSpan(0, length)));
        Assert.Equal(RespProgress.Complete, slow.Scan(bytes));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_SplitAtEveryByte_IsFound(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var first = 0; first <= bytes.Length; first++)
        {
            var scanner = default(RespScanner);
            var progress = scanner.Scan(bytes.AsSpan(0, first));
            Assert.NotEqual(RespProgress.Complete, progress);
            if (progress == RespProgress.Partial) progress = scanner.Scan(bytes);
            Assert.Equal(RespProgress.Malformed, progress);
        }
    }

    [Fact]
    public void Bytes_AtRandom_NeverThrow()
    {
        var random = new Random(7);
        var alphabet = "+-:$*0123456789\r\nab"u8;
        var text = new byte[40];
        for (var round = 0; round < 200_000; round++)
        {
            for (var i = 0; i < text.Length; i++) text[i] = alphabet[random.Next(alphabet.Length)];
            var scanner = default(RespScanner);
            if (scanner.Scan(text) != RespProgress.Complete) continue;
            var reader = new RespReader(text.AsSpan(0, scanner.Position));
            while (reader.Read()) Assert.NotEqual(RespType.None, reader.Type);
        }
    }

    [Fact]
    public void Reader_OfNestedArrays_GoesDepthFirst()
    {
        var reader = new RespReader("*4\r\n:1\r\n$1\r\na\r\n:-3\r\n*1\r\n$2\r\nbb\r\n"u8);

        Assert.Equal((RespType.Array, 4), (reader.Type, reader.ArrayLength));
        Assert.True(reader.Read());
        Assert.Equal(1, reader.Integer);
        Assert.True(reader.Read());
        Assert.True(reader.Bytes.SequenceEqual("a"u8));
        Assert.True(reader.Read());
        Assert.Equal(-3, reader.Integer);
        Assert.True(reader.Read());
        Assert.Equal((RespType.Array, 1), (reader.Type, reader.ArrayLength));
        Assert.True(reader.Read());
        Assert.True(reader.Bytes.SequenceEqual("bb"u8));
        Assert.False(reader.Read());
    }

    [Fact]
    public void SkipArray_WithArraysInside_MovesBehindAll()
    {
        var reader = new RespReader("*2\r\n*2\r\n*2\r\n:1\r\n:2\r\n*0\r\n+after\r\n"u8);

        Assert.True(reader.Read());
        reader.SkipArray();

        Assert.True(reader.Read());
        Assert.True(reader.Bytes.SequenceEqual("after"u8));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Reader_OfNothing_HasNoType()
    {
        var reader = new RespReader(default);

        Assert.Equal((RespType.None, true, 0L, 0), (reader.Type, reader.IsNull, reader.Integer, reader.Bytes.Length));
        Assert.False(reader.Read());
    }
}
