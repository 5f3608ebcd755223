using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Integration.Tests.Telemetry;

/// <summary>A collector of OpenTelemetry's protocol over HTTP (OTLP 1.x, <c>opentelemetry/proto</c>): keeps what it is sent, and tells spans apart.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>The settings of a process that sends here.</summary>
    public string[] Settings =>
    [
        $"OTEL_EXPORTER_OTLP_ENDPOINT={app.Urls.First()}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_METRIC_EXPORT_INTERVAL=200", "OTEL_BLRP_SCHEDULE_DELAY=100",
    ];

    /// <summary>Everything that came, as text: strings stand in it as they are.</summary>
    public string Everything => string.Concat(received.Select(r => Encoding.UTF8.GetString(r.Body)));

    /// <summary>What came for one signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public IEnumerable<byte[]> Of(string signal) => received.Where(r => r.Path == "/v1/" + signal).Select(r => r.Body);

    /// <summary>All spans so far. ExportTraceServiceRequest.1 resource_spans .2 scope_spans .2 spans.</summary>
    public List<Span> Spans =>
        [.. Of("traces").SelectMany(body => ProtoReader.Each(body, 1)).SelectMany(resource => ProtoReader.Each(resource, 2)).SelectMany(scope => ProtoReader.Each(scope, 2).Select(span => Span.Of(span, ProtoReader.Text(ProtoReader.Each(scope, 1).FirstOrDefault(), 1))))];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var built = builder.Build();
        var receiver = new OtlpReceiver(built);
        built.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            receiver.received.Enqueue((http.Request.Path, body.ToArray()));
            http.Response.ContentType = "application/x-protobuf";
        });
        await built.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>A span as it came.</summary>
    internal sealed record Span(string Scope, string TraceId, string Id, string Parent, string Name, ulong Start, ulong End, bool IsError, Dictionary<string, string> Tags)
    {
        public static Span Of(ReadOnlyMemory<byte> span, string scope)
        {
            var numbers = ProtoReader.Fields(span).Where(f => f.Bytes.IsEmpty).ToLookup(f => f.Field, f => f.Number);
            var status = ProtoReader.Each(span, 15).FirstOrDefault();
            return new(
                scope, Hex(span, 1), Hex(span, 2), Hex(span, 4), ProtoReader.Text(span, 5), numbers[7].First(), numbers[8].First(), ProtoReader.Fields(status).Any(f => f is { Field: 3, Number: 2 }),
                ProtoReader.Each(span, 9).ToDictionary(pair => ProtoReader.Text(pair, 1), pair => Value(ProtoReader.Each(pair, 2).First())));
        }

        private static string Hex(ReadOnlyMemory<byte> span, int field) => Convert.ToHexStringLower(ProtoReader.Each(span, field).FirstOrDefault().Span);

        // AnyValue: 1 text, 2 boolean, 3 integer, 4 double.
        private static string Value(ReadOnlyMemory<byte> value)
        {
            var (field, bytes, number) = ProtoReader.Fields(value).FirstOrDefault();
            return field == 1 ? Encoding.UTF8.GetString(bytes.Span) : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
