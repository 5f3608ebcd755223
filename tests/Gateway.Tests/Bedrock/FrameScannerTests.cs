using System.Buffers.Binary;
using System.Text;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Cutting Amazon's event stream into messages.</summary>
public sealed class FrameScannerTests
{
    private const int Cap = 1024 * 1024;

    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc_OfKnownTexts_IsThePublishedOne(string text, uint expected) => Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Crc_OfAnyLength_EqualsTheBitwiseOne()
    {
        var bytes = new byte[300];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i * 31 + (i >> 3));
        for (var length = 0; length <= bytes.Length; length++) Assert.Equal(Bitwise(bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Frame_PublishedEmptyMessage_IsWhole()
    {
        // "empty_message" of Amazon's test vectors for the encoding.
        var frame = Convert.FromHexString("000000100000000005C248EB7D98C8FF");
        Assert.Equal(16, AmazonFrameScanner.FirstFrameLength(frame, Cap));
    }

    [Fact]
    public void Frame_InPieces_IsIncompleteUntilItsLastByte()
    {
        var frame = Frames.Event("contentBlockDelta", """{"delta":{"text":"Hi"}}""");
        for (var length = 0; length < frame.Length; length++) Assert.Equal(0, AmazonFrameScanner.FirstFrameLength(frame.AsSpan(0, length), Cap));
        byte[] twice = [.. frame, .. frame];
        Assert.Equal(frame.Length, AmazonFrameScanner.FirstFrameLength(twice, Cap));
    }

    [Fact]
    public void Frame_WithAnyByteChanged_IsNeverWhole()
    {
        var frame = Frames.Event("contentBlockDelta", """{"delta":{"text":"Hi"}}""");
        for (var at = 0; at < frame.Length; at++)
        {
            frame[at] ^= 0x10;
            Assert.Equal(AmazonFrameScanner.Malformed, AmazonFrameScanner.FirstFrameLength(frame, Cap));
            frame[at] ^= 0x10;
        }
    }

    [Theory]
    [InlineData(15u, 0u)]
    [InlineData(0u, 0u)]
    [InlineData(40u, 25u)]
    [InlineData(40u, 0xFFFFFFF0u)]
    [InlineData(0xFFFFFFFFu, 0u)]
    [InlineData(Cap + 1u, 0u)]
    public void Frame_WithImpossibleLengths_IsMalformedAtOnce(uint total, uint headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.Of(prelude.AsSpan(0, 8)));
        Assert.Equal(AmazonFrameScanner.Malformed, AmazonFrameScanner.FirstFrameLength(prelude, Cap));
    }

    [Fact]
    public async Task Stream_WithABrokenFrame_EndsAsMalformedWithoutReadingOn()
    {
        var good = Frames.Event("messageStart", """{"role":"assistant"}""");
        var bad = Frames.Event("messageStop", """{"stopReason":"end_turn"}""");
        bad[^1] ^= 1;
        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        using var events = new EventStream(new MemoryStream([.. good, .. bad, .. good]), timer, TimeSpan.FromSeconds(10), ReplyFraming.AmazonEventStream);

        Assert.True(await events.ReadAsync());
        Assert.True(events.TryPeek(out var first));
        Assert.Equal(good, first.ToArray());
        events.Take(first.Length);
        Assert.False(events.TryPeek(out _));
        Assert.True(events.IsMalformed);
        Assert.False(events.IsEnded);
        Assert.False(await events.ReadAsync());
        Assert.False(events.TryPeek(out _));
    }

    [Fact]
    public async Task Stream_SplitAtEveryByte_GivesTheSameFrames()
    {
        var input = GoldenCases.Read("BedrockStreams", "tools", "in", "bin");
        var expected = Frames.Cut(input);
        for (var split = 0; split <= input.Length; split++)
            Assert.Equal(expected, await CutAsync([input[..split], input[split..]]));
        Assert.Equal(expected, await CutAsync(input.Select(b => new[] { b })));
    }

    [Fact]
    public async Task Stream_OfALargeFrameInSmallPieces_IsRead()
    {
        var frame = Frames.Event("contentBlockDelta", "{\"delta\":{\"text\":\"" + new string('x', 300_000) + "\"}}");
        Assert.Equal([frame, frame], await CutAsync(((byte[])[.. frame, .. frame]).Chunk(4_096)));
    }

    internal static async Task<List<byte[]>> CutAsync(IEnumerable<byte[]> pieces)
    {
        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        using var events = new EventStream(new Pieces(pieces), timer, TimeSpan.FromSeconds(10), ReplyFraming.AmazonEventStream);
        var frames = new List<byte[]>();
        while (true)
        {
            while (events.TryPeek(out var frame))
            {
                frames.Add(frame.ToArray());
                events.Take(frame.Length);
            }
            if (!await events.ReadAsync()) return frames;
        }
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }

    private sealed class Pieces(IEnumerable<byte[]> pieces) : MemoryStream
    {
        private readonly IEnumerator<byte[]> next = pieces.Where(piece => piece.Length > 0).GetEnumerator();
        private byte[] rest = [];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (rest.Length == 0 && next.MoveNext()) rest = next.Current;
            var length = Math.Min(rest.Length, buffer.Length);
            rest.AsSpan(0, length).CopyTo(buffer.Span);
            rest = rest[length..];
            return ValueTask.FromResult(length);
        }
    }
}
