// Collector of OpenTelemetry's protocol for benchmarks (OTLP over HTTP, protobuf), loopback only: answers everything, keeps nothing, counts.
//
//   POST /v1/traces   POST /v1/metrics   POST /v1/logs   GET /counts[?service=NAME]   GET /health
//
// Counts are by service.name: {"spans":..., "traces":..., "points":..., "exemplars":..., "lines":..., "bytes":...}; traces are those whose own request came (a span
// named "chat MODEL" and the like has gen_ai.operation.name), points are metrics.
using System.Net;
using AspireGateway.Integration.Tests.Telemetry;

var port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "4318");
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, port);
    kestrel.Limits.MaxRequestBodySize = null;
});
var app = builder.Build();
var counts = new Dictionary<string, Counts>();
app.Run(async http =>
{
    if (http.Request.Path == "/counts")
    {
        Counts? found;
        lock (counts) counts.TryGetValue(http.Request.Query["service"].ToString(), out found);
        await http.Response.WriteAsJsonAsync(found ?? new Counts());
        return;
    }
    if (http.Request.Method != "POST") return;
    using var body = new MemoryStream();
    await http.Request.Body.CopyToAsync(body);
    Count(http.Request.Path.Value, body.GetBuffer().AsMemory(0, (int)body.Length));
    http.Response.ContentType = "application/x-protobuf";
});
app.Run();

// Export*ServiceRequest.1 resource .2 scope .2 span, metric or record; Resource.1 attributes; ScopeSpans.2 spans.
void Count(string? path, ReadOnlyMemory<byte> message)
{
    foreach (var resource in ProtoReader.Each(message, 1))
    {
        var service = ServiceOf(ProtoReader.Each(resource, 1).FirstOrDefault());
        lock (counts)
        {
            if (!counts.TryGetValue(service, out var of)) counts[service] = of = new();
            of.Bytes += resource.Length;
            foreach (var scope in ProtoReader.Each(resource, 2))
            {
                var number = 0L;
                foreach (var item in ProtoReader.Each(scope, 2))
                {
                    number++;
                    // A request's own span is the only one of the gateway's that is told with a model's operation; see TraceJourney.
                    if (path == "/v1/traces" && item.Span.IndexOf("gen_ai.operation.name"u8) >= 0) of.Traces++;
                    if (path == "/v1/metrics") of.Exemplars += Exemplars(item);
                }
                if (path == "/v1/traces") of.Spans += number;
                else if (path == "/v1/metrics") of.Points += number;
                else of.Lines += number;
            }
        }
    }
}

// Metric.9 histogram .1 points .8 exemplars.
static int Exemplars(ReadOnlyMemory<byte> metric) => ProtoReader.Each(metric, 9).SelectMany(h => ProtoReader.Each(h, 1)).Sum(point => ProtoReader.Each(point, 8).Count());

static string ServiceOf(ReadOnlyMemory<byte> resource) =>
    ProtoReader.Each(resource, 1).Where(pair => ProtoReader.Text(pair, 1) == "service.name").Select(pair => ProtoReader.Text(ProtoReader.Each(pair, 2).First(), 1)).FirstOrDefault() ?? "";

sealed class Counts
{
    public long Spans { get; set; }
    public long Traces { get; set; }
    public long Points { get; set; }
    public long Exemplars { get; set; }
    public long Lines { get; set; }
    public long Bytes { get; set; }
}
