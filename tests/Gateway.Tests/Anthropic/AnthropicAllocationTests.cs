using System.Buffers;
using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>A piece of an answer costs no memory, however it goes through.</summary>
public sealed class AnthropicAllocationTests
{
    private const int Events = 1000;

    private static readonly byte[] Start = """{"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":1,"output_tokens":0}}}"""u8.ToArray();
    private static readonly byte[] BlockStart = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""u8.ToArray();
    private static readonly byte[] Piece = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some \"words\" of an answer"}}"""u8.ToArray();

    [Fact]
    public void Piece_PassedOn_AllocatesNothing()
    {
        var operation = new AnthropicMessagesOperation();
        var facts = new ReplyFacts();
        operation.ReadEvent(Start, facts, hideUsage: false);

        Assert.Equal(0, AllocatedBy(() => operation.ReadEvent(Piece, facts, hideUsage: false)));
        Assert.True(facts.ContentEvents > Events);
    }

    [Fact]
    public void Piece_ReadIntoNeutralWords_AllocatesNothing()
    {
        var reader = new AnthropicTranslator().OpenStream();
        var sink = new CountingSink();
        reader.Read(Start, sink);
        reader.Read(BlockStart, sink);

        Assert.Equal(0, AllocatedBy(() => reader.Read(Piece, sink)));
        Assert.True(sink.Bytes > Events * 20);
    }

    [Fact]
    public void Piece_WrittenForACaller_AllocatesNothing()
    {
        var output = new SameBuffer();
        var writer = new AnthropicReplyDialect().OpenStream(AnthropicCase.Context, output);
        writer.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, PartKind = PartKind.Text });

        Assert.Equal(0, AllocatedBy(() => writer.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, PartKind = PartKind.Text, Text = "some \\\"words\\\""u8 })));
        Assert.True(output.Written > Events * 100);
    }

    private static long AllocatedBy(Action action)
    {
        for (var i = 0; i < 200; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Events; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class CountingSink : IReplySink
    {
        public long Bytes { get; private set; }

        public void Take(in ReplyEvent replyEvent) => Bytes += replyEvent.Text.Length;
    }

    private sealed class SameBuffer : IBufferWriter<byte>
    {
        private readonly byte[] buffer = new byte[4096];

        public long Written { get; private set; }

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => buffer;
    }
}
