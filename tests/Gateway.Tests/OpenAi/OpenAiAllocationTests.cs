using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Egress.OpenAi;
using AspireGateway.Gateway.Egress.Responses;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Providers.OpenAi.Translating;

namespace AspireGateway.Gateway.Tests.OpenAi;

/// <summary>A piece of an answer costs no memory, however it goes through.</summary>
public sealed class OpenAiAllocationTests
{
    private const int Events = 1000;

    private static readonly string[] Pieces =
    [
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"TEXT"},"logprobs":null,"finish_reason":null}],"usage":null}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}],"obfuscation":"PAD"}""",
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"reasoning_content":"TEXT"},"finish_reason":null}]}""",
    ];

    public static TheoryData<int> Forms => [.. Enumerable.Range(0, Pieces.Length)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Piece_ReadIntoNeutralWords_AllocatesNothing(int form)
    {
        var reader = new ChatStreamReader();
        var sink = new CountingSink();
        // Plain words, and words with escapes, which the template leaves to the parser.
        var events = new[] { "a", " few words", "\\n\\u00e9" }
            .Select((text, i) => Encoding.UTF8.GetBytes(Pieces[form].Replace("TEXT", text, StringComparison.Ordinal).Replace("PAD", new string('x', i * 3), StringComparison.Ordinal))).ToArray();
        var at = 0;

        Assert.Equal(0, AllocatedBy(() => reader.Read(events[at++ % events.Length], sink)));
        Assert.True(sink.Bytes > Events * 3);
    }

    [Fact]
    public void Piece_OfAToolsArguments_AllocatesNothing()
    {
        var reader = new ChatStreamReader();
        var sink = new CountingSink();
        reader.Read("""{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}}]}"""u8, sink);
        var piece = """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"abc"}}]}}]}"""u8.ToArray();

        Assert.Equal(0, AllocatedBy(() => reader.Read(piece, sink)));
        Assert.True(sink.Bytes > Events * 3);
    }

    [Fact]
    public void Piece_WrittenForACallerOfChatCompletions_AllocatesNothing() => Written(new OpenAiReplyDialect());

    [Fact]
    public void Piece_WrittenForACallerOfResponses_AllocatesOnlyTheCollectedAnswer()
    {
        // The answer is told once more as a whole at the end: its text is kept, in a buffer that doubles.
        var output = new SameBuffer();
        var writer = new ResponsesReplyDialect().OpenStream(OpenAiCase.Context, output);
        writer.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, PartKind = PartKind.Text });
        const int Length = 8;

        var allocated = AllocatedBy(() => writer.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, PartKind = PartKind.Text, Text = "12345678"u8 }));

        Assert.True(allocated <= (Events + 200) * Length * 4, $"{allocated} bytes");
    }

    [Fact]
    public void Piece_PassedOnInItsOwnDialect_AllocatesNothing()
    {
        var facts = new ReplyFacts { ServedModel = "m" };
        var chat = Encoding.UTF8.GetBytes(Pieces[0]);
        var piece = """{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi","logprobs":[]}"""u8.ToArray();

        Assert.Equal(0, AllocatedBy(() => OpenAiStreamReader.Read(chat, facts, hideUsage: true)));
        Assert.Equal(0, AllocatedBy(() => ResponsesStreamReader.Read(piece, facts)));
        Assert.True(facts.ContentEvents > Events * 2);
    }

    private static void Written(IReplyDialect dialect)
    {
        var output = new SameBuffer();
        var writer = dialect.OpenStream(OpenAiCase.Context, output);
        writer.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, PartKind = PartKind.Text });

        Assert.Equal(0, AllocatedBy(() => writer.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, PartKind = PartKind.Text, Text = "some \\\"words\\\""u8 })));
        Assert.True(output.Written > Events * 100);
    }

    private static long AllocatedBy(Action action)
    {
        for (var i = 0; i < 200; i++) action();
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Events; i++) action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    private sealed class CountingSink : IReplySink
    {
        public long Bytes { get; private set; }

        public void Take(in ReplyEvent replyEvent) => Bytes += replyEvent.Text.Length;
    }

    private sealed class SameBuffer : IBufferWriter<byte>
    {
        private readonly byte[] buffer = new byte[64 * 1024];

        public long Written { get; private set; }

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => buffer;
    }
}
