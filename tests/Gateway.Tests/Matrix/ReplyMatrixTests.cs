using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Golden;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Matrix;

/// <summary>
/// Every reply and stream that a protocol's own tests know, as callers of the other dialects see it: through the same opener, pump and writers as in
/// service, the stream cut in two at every byte and once into single bytes. One golden file per case and pair; see <see cref="GoldenFile"/>.
/// </summary>
public sealed partial class ReplyMatrixTests
{
    private const string Folder = "MatrixReplies";

    private static readonly (string Protocol, string Inputs, string Extension)[] Sources =
    [
        ("openai", "OpenAiChat", "sse"), ("anthropic", "Anthropic", "sse"), ("gemini", "Gemini", "sse"), ("bedrock", "Bedrock", "bin"),
    ];

    public static TheoryData<string, string, string> Replies => Cases(stream: false);

    public static TheoryData<string, string, string> Streams => Cases(stream: true);

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task Reply_OfProtocol_ForDialect_EqualsGolden(string protocol, string name, string dialect)
    {
        var input = GoldenCases.Read(SourceOf(protocol).Inputs + "Replies", name, "in", "json");
        GoldenFile.Check(Folder, $"{name}.{protocol}-to-{dialect}.json", await SeenAsync(protocol, dialect, [input], stream: false));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Stream_OfProtocol_ForDialect_SplitAtEveryByte_EqualsGolden(string protocol, string name, string dialect)
    {
        var source = SourceOf(protocol);
        var input = GoldenCases.Read(source.Inputs + "Streams", name, "in", source.Extension);
        var whole = await SeenAsync(protocol, dialect, [input], stream: true);
        GoldenFile.Check(Folder, $"{name}.{protocol}-to-{dialect}.sse", whole);

        for (var split = 1; split < input.Length; split++) Assert.Equal(whole, await SeenAsync(protocol, dialect, [input[..split], input[split..]], stream: true));
        Assert.Equal(whole, await SeenAsync(protocol, dialect, input.Select(b => new[] { b }), stream: true));
    }

    private static TheoryData<string, string, string> Cases(bool stream)
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var (protocol, inputs, extension) in Sources)
            foreach (var name in GoldenCases.In(inputs + (stream ? "Streams" : "Replies"), stream ? extension : "json"))
                foreach (var dialect in (string[])["openai", "responses", "anthropic"])
                    if (dialect != protocol) cases.Add(protocol, name, dialect);
        return cases;
    }

    private static (string Protocol, string Inputs, string Extension) SourceOf(string protocol) => Sources.Single(s => s.Protocol == protocol);

    private static async Task<string> SeenAsync(string protocol, string dialect, IEnumerable<byte[]> pieces, bool stream)
    {
        var operation = Protocols.OperationOf(dialect);
        var body = Encoding.UTF8.GetBytes(dialect == "responses"
            ? $$"""{"model":"m","input":"Hi","stream":{{(stream ? "true" : "false")}}}"""
            : $$"""{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],"stream":{{(stream ? "true" : "false")}}{{(stream && dialect == "openai" ? ",\"stream_options\":{\"include_usage\":true}" : "")}}}""");
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        using var facts = new RequestFacts(rented, body.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation, 64));
        var http = new DefaultHttpContext();
        var sent = new MemoryStream();
        http.Response.Body = sent;
        var exchange = new Exchange(http, operation, null, TimeProvider.System) { Request = facts };
        // OpenAI itself has the Responses API; whoever speaks its chat completions only is translated.
        var deployment = Protocols.Deployment(protocol == "openai" && dialect == "responses" ? "vllm" : protocol);
        var candidate = new Candidate(deployment, deployment.Prices[0], null);
        exchange.Plan = new RoutePlan("m", new AspireGateway.Gateway.State.ModelSnapshot { Name = "m", CreatedAt = DateTimeOffset.UnixEpoch, Strategy = "priority", Deployments = [deployment] }, "priority", [candidate]);
        var module = ProviderModules.Find(deployment.Provider.Protocol)!;
        Assert.True(AttemptRequest.TryPrepare(exchange, candidate, module, out var request, out _));
        request.Content.Dispose();

        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(stream ? EventStream.MediaTypeOf(module.Framing) : "application/json");
        response.Content.Headers.ContentLength = null;
        var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        var opener = new ReplyOpener(candidate, module, request, timer, response, TimeSpan.FromSeconds(5));
        var pieceStream = new PieceStream(pieces);
        var (reply, failure) = stream ? await opener.FirstEventAsync(pieceStream) : await opener.WholeAsync(pieceStream);
        if (reply is null) exchange.Refusal = failure!.Refusal;
        else exchange.Call.Standing = reply;
        exchange.Call.Add(new Attempt(candidate, 0, 0, 0, 200, "ok"));

        await ReplyStep.Of(new GatewayMetrics()).ReplyAsync(exchange);

        var text = Encoding.UTF8.GetString(sent.ToArray());
        reply?.Dispose();
        var head = failure is null ? "" : $"[{failure.Outcome}, try next: {failure.TryNext}]\n";
        var tail = exchange.Reply.BrokenBecause is { } broken ? $"[broken: {broken}]\n" : "";
        var usage = exchange.Spend is { } spend ? $"[usage: {spend.Usage.Input} + {spend.Usage.CacheRead} + {spend.Usage.CacheWrite} in, {spend.Usage.Output} out, {spend.Usage.Reasoning} reasoning{(spend.IsEstimated ? ", estimated" : "")}]\n" : "";
        return head + Steady(text, exchange) + "\n" + usage + tail;
    }

    /// <summary>Without what differs between two runs.</summary>
    internal static string Steady(string text, Exchange exchange)
    {
        var id = exchange.Id.ToString("N");
        text = text.Replace(id, "ID", StringComparison.Ordinal).Replace(id[^24..], "ID24", StringComparison.Ordinal).Replace(id[^12..], "ID12", StringComparison.Ordinal);
        text = Comment().Replace(text, ": gateway {COST,${tokens}LATENCY}");
        return Created().Replace(text, "\"${name}\":CREATED");
    }

    [GeneratedRegex("""^: gateway \{"cost_usd":[0-9.]+,(?<tokens>"input_tokens":[0-9]+,"output_tokens":[0-9]+,)"latency_ms":[0-9.]+(?:,"estimated":true)?\}""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex("""\"(?<name>created|created_at|completed_at)\":[0-9.]+""", RegexOptions.NonBacktracking)]
    private static partial Regex Created();
}
