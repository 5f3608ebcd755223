using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Providers.OpenAi.Translating;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Matrix;
using AspireGateway.Gateway.Tests.Neutral;

namespace AspireGateway.Gateway.Tests.OpenAi;

/// <summary>What the tests of this protocol and its two dialects do again and again.</summary>
internal static class OpenAiCase
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReplyContext Context { get; } = new()
    {
        Id = new Guid("01936d3e-0000-7000-8000-000000000001"), Model = "up \"x\"", CreatedAt = DateTimeOffset.UnixEpoch, WantsUsage = true,
    };

    public static OpenAiVendor Vendor(string name) => OpenAiVendors.All.Single(vendor => vendor.Protocol == name);

    public static (byte[] Json, Refusal? Refusal) Write(ChatRequest request, OpenAiVendor vendor, DroppedFields dropped)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Plain);
        var refusal = new OpenAiChatTranslator(vendor).WriteRequest(request, Protocols.Deployment("openai"), writer, dropped);
        writer.Flush();
        return (output.WrittenSpan.ToArray(), refusal);
    }

    public static byte[] WriteReply(IReplyDialect dialect, ChatReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Plain)) dialect.WriteReply(reply, Context, writer);
        return output.WrittenSpan.ToArray();
    }

    public static string Dump(IRequestDialect dialect, byte[] body)
    {
        var request = new ChatRequest();
        var refusal = dialect.Read(body, request);
        return RequestDump.Of(request, refusal);
    }

    /// <summary>Reads a stream as the pump does.</summary>
    public static StreamStep Read(IEnumerable<byte[]> data, IReplySink sink, out IChatStreamReader reader)
    {
        reader = new OpenAiChatTranslator(OpenAiVendors.OpenAi).OpenStream();
        foreach (var one in data)
            if (reader.Read(one, sink) is var step and not StreamStep.More) return step;
        return reader.End(sink);
    }

    public static List<byte[]> DataOf(ReadOnlySpan<byte> stream)
    {
        var all = new List<byte[]>();
        while (!stream.IsEmpty)
        {
            var lineStart = 0;
            var length = SseScanner.FirstEventLength(stream, ref lineStart);
            if (length == 0) length = stream.Length;
            var data = SseScanner.DataOf(stream[..length], out _);
            if (!data.IsEmpty) all.Add(data.ToArray());
            stream = stream[length..];
        }
        return all;
    }

    public static byte[][] All(string folder, string extension) => [.. GoldenCases.In(folder, extension).Select(name => GoldenCases.Read(folder, name, "in", extension))];

    public static RequestFacts Facts(byte[] body, Operation operation)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, body.Length));
        body.CopyTo(rented, 0);
        var facts = new RequestFacts(rented, body.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation, 64));
        return facts;
    }

    public static async Task<string> SplicedAsync(RequestFacts facts, BodyEdit[] edits)
    {
        using var content = new SplicedContent(facts, edits);
        return Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
