using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Tests.Egress;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>What the tests of this protocol and dialect do again and again.</summary>
internal static class AnthropicCase
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReplyContext Context { get; } = new()
    {
        Id = new Guid("01936d3e-0000-7000-8000-000000000001"), Model = "up \"x\"", CreatedAt = DateTimeOffset.UnixEpoch, WantsUsage = false,
    };

    public static DeploymentSnapshot Deployment(string model = "claude-sonnet-4-5-20250929", int? maxOutputTokens = null) => new()
    {
        Id = Guid.CreateVersion7(), Name = "d", Provider = Deployments.Sim.Provider, UpstreamModel = model, IsEnabled = true, Prices = [], MaxOutputTokens = maxOutputTokens,
    };

    public static (string Json, Refusal? Refusal) Write(ChatRequest request, DroppedFields dropped, DeploymentSnapshot? deployment = null)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Plain);
        var refusal = new AnthropicTranslator().WriteRequest(request, deployment ?? Deployment(), writer, dropped);
        writer.Flush();
        return (Encoding.UTF8.GetString(output.WrittenSpan), refusal);
    }

    public static string WriteReply(ChatReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Plain)) new AnthropicReplyDialect().WriteReply(reply, Context, writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The data of each event of a stream.</summary>
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

    /// <summary>Gives a stream's events to a sink as the pump does; says how it ended.</summary>
    public static (StreamStep Step, ProviderFailure? Failure) Read(IEnumerable<byte[]> events, IReplySink sink)
    {
        var reader = new AnthropicTranslator().OpenStream();
        foreach (var data in events)
        {
            var step = reader.Read(data, sink);
            if (step != StreamStep.More) return (step, reader.Failure);
        }
        return (reader.End(sink), reader.Failure);
    }
}
