using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Bedrock;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Shared.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Matrix;

/// <summary>
/// Errors of providers as callers of every dialect see them: a failing provider on a real socket, the same caller, opener, pump and writers as in service.
/// One golden file per case holds a line for each protocol and dialect: the outcome in the journey, status, <c>Retry-After</c>, and the body or stream.
/// </summary>
public sealed class ErrorMatrixTests(AnsweringServer server) : IClassFixture<AnsweringServer>
{
    private const string Folder = "MatrixErrors";

    private static readonly string[] All = ["openai", "vllm", "azure-openai", "anthropic", "gemini", "bedrock"];
    private static readonly string[] Dialects = ["openai", "responses", "anthropic"];

    public static TheoryData<string> Cases => [.. GoldenCases.In(Folder, "json")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Error_OfEveryProtocol_ForEveryDialect_EqualsGolden(string name)
    {
        using var input = JsonDocument.Parse(GoldenCases.Read(Folder, name, "in", "json"));
        var table = new StringBuilder();
        foreach (var protocol in All)
            foreach (var dialect in Dialects)
            {
                server.Next = AnswerOf(input.RootElement, protocol, dialect);
                table.Append(CultureInfo.InvariantCulture, $"{protocol} -> {dialect}: ");
                table.Append(await SeenAsync(protocol, dialect, name.StartsWith("stream", StringComparison.Ordinal))).Append("\n\n");
            }
        GoldenFile.Check(Folder, name + ".out.txt", table.ToString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Error_ForEveryDialect_IsOfTheClosedListAndLeaksNothing(string name)
    {
        var seen = Encoding.UTF8.GetString(GoldenCases.Read(Folder, name, "out", "txt"));
        foreach (var secret in (string[])["sk-", "AKIA", "arn:", "10.1.2.3", "10.0.0.7", "nginx", "org-abc", "4f3c2b1a0d9e", "project 123456789", "internal.amazon.com"])
            Assert.DoesNotContain(secret, seen, StringComparison.Ordinal);
        string[] codes =
        [
            "invalid_request_error", "context_length_exceeded", "unsupported_parameter", "content_filter", "request_too_large", "rate_limit_exceeded",
            "upstream_error", "no_healthy_deployment", "upstream_timeout",
        ];
        foreach (var line in seen.Split('\n').Where(line => line.Contains("\"error\":{\"message\"", StringComparison.Ordinal)))
        {
            using var error = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]);
            Assert.Contains(error.RootElement.GetProperty("error").GetProperty("code").GetString(), codes);
        }
    }

    /// <summary>What the provider answers. Vendors of OpenAI's protocol answer as it does unless the case says otherwise.</summary>
    private static Answer AnswerOf(JsonElement cases, string protocol, string dialect)
    {
        if (!(dialect == "responses" && protocol is "openai" or "azure-openai" && cases.TryGetProperty("openai-responses", out var answer))
            && !cases.TryGetProperty(protocol, out answer)) answer = cases.GetProperty("openai");
        var headers = new Dictionary<string, string>();
        if (answer.TryGetProperty("headers", out var given))
            foreach (var header in given.EnumerateObject()) headers[header.Name] = header.Value.GetString()!;
        byte[] body;
        if (answer.TryGetProperty("stream", out var events))
        {
            body = [.. events.EnumerateArray().SelectMany(one => protocol == "bedrock" ? FrameOf(one) : EventOf(one))];
            headers["content-type"] = protocol == "bedrock" ? "application/vnd.amazon.eventstream" : "text/event-stream";
        }
        else
        {
            body = Encoding.UTF8.GetBytes(TextOf(answer.GetProperty("body")));
            headers.TryAdd("content-type", "application/json");
        }
        return new(answer.GetProperty("status").GetInt32(), headers, body);
    }

    private static byte[] EventOf(JsonElement one)
    {
        var type = one.ValueKind == JsonValueKind.Object && one.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? $"event: {name.GetString()}\n" : "";
        return Encoding.UTF8.GetBytes($"{type}data: {TextOf(one)}\n\n");
    }

    // Nothing is limited here.
    private static IOptions<ReliabilityOptions> Alone { get; } = Options.Create(new ReliabilityOptions { Retries = 0 });

    private static CircuitWatch Watch { get; } = new(new CircuitNews(), Alone, TimeProvider.System);

    private static FailureWatch Failures { get; } = new(Watch, Reliability.Credentials.Watches.Silent(Alone));

    private static DeploymentQuota NoQuotas() => new(
        new Ledger(null, null, null, null!, TimeProvider.System), new SpendScopes(new MeterCatalog(), new UnknownIds()), new TokenEstimator(), new OutputAverages(), TimeProvider.System);

    private static byte[] FrameOf(JsonElement one)
    {
        var payload = TextOf(one.GetProperty("payload"));
        return one.TryGetProperty("exception", out var exception)
            ? Frames.Of([(":exception-type", exception.GetString()!), (":content-type", "application/json"), (":message-type", "exception")], Encoding.UTF8.GetBytes(payload))
            : Frames.Event(one.GetProperty("event").GetString()!, payload);
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value);

    private async Task<string> SeenAsync(string protocol, string dialect, bool stream)
    {
        var operation = Protocols.OperationOf(dialect);
        var body = Encoding.UTF8.GetBytes(dialect == "responses"
            ? $$"""{"model":"m","input":"Hi","stream":{{(stream ? "true" : "false")}}}"""
            : $$"""{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],"stream":{{(stream ? "true" : "false")}}}""");
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        using var facts = new RequestFacts(rented, body.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation, 64));
        var http = new DefaultHttpContext();
        var sent = new MemoryStream();
        http.Response.Body = sent;
        var exchange = new Exchange(http, operation, null, TimeProvider.System) { Request = facts };
        var deployment = Protocols.Deployment(protocol, server.Address);
        exchange.Plan = new RoutePlan(
            "m", new ModelSnapshot { Name = "m", CreatedAt = DateTimeOffset.UnixEpoch, Strategy = "priority", Deployments = [deployment] }, "priority", [new Candidate(deployment, deployment.Prices[0], null)]);
        var caller = new ProviderCaller(new ProviderClients(), new CredentialVault(new SecretBox(Convert.ToBase64String(new byte[32]))), TimeProvider.System);

        var hedging = new HedgedCall(caller, NoQuotas(), Watch, Failures, new HedgeBudgets(), new OutputAverages(), new GatewayMetrics(), TimeProvider.System);
        var cascades = new CascadeCall(caller, new JudgeCall(caller, NoQuotas(), Watch, Failures, TimeProvider.System), NoQuotas(), Watch, new GatewayMetrics());
        exchange.Refusal = (await new CallProvider(caller, hedging, cascades, NoQuotas(), Alone, Watch, Failures, TimeProvider.System).DecideAsync(exchange)).Refusal;
        await ReplyStep.Of(new GatewayMetrics()).ReplyAsync(exchange);
        exchange.Call.Standing?.Dispose();

        var outcome = exchange.Reply.BrokenBecause is { } broken ? $"stream broken, {broken}" : exchange.Call.Attempts[^1].Outcome;
        var retry = http.Response.Headers.RetryAfter.Count > 0 ? $", Retry-After {http.Response.Headers.RetryAfter}" : "";
        return $"{outcome}, {exchange.Reply.StatusCode}{retry}\n{ReplyMatrixTests.Steady(Encoding.UTF8.GetString(sent.ToArray()), exchange).TrimEnd('\n')}";
    }
}
