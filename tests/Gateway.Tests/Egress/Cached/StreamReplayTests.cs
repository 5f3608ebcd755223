using System.Text;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Egress.Cached;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Tests.Golden;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Egress.Cached;

/// <summary>A kept reply as the stream of each dialect.</summary>
public sealed partial class StreamReplayTests
{
    private const string Folder = "CachedStreams";

    public static TheoryData<string> Cases => [.. GoldenCases.In(Folder, "json")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Write_KeptReply_EqualsGolden(string name)
    {
        var operation = name[(name.LastIndexOf('.') + 1)..] switch { "chat" => Operation.ChatCompletions, "messages" => Operation.Messages, _ => Operation.Responses };
        var request = Encoding.UTF8.GetBytes(operation == Operation.Responses
            ? """{"input":"Hi","stream":true}"""
            : """{"messages":[{"role":"user","content":"Hi"}],"stream":true,"max_tokens":99}""");
        var facts = new RequestFacts(request, request.Length);
        Assert.Null(RequestFactsReader.Read(facts, operation, 64));
        var exchange = new Exchange(new DefaultHttpContext(), operation, null, TimeProvider.System) { Request = facts };
        var reply = new CachedReply
        {
            CreatedAtMs = 0, TtlSeconds = 60, LatencyUs = 1, CostNanoUsd = 1, DeploymentId = Guid.Empty, Deployment = "d", Provider = "p", ServedModel = "m", Body = GoldenCases.Read(Folder, name, "in", "json"),
        };
        using var output = new PooledBufferWriter();
        StreamReplay.Write(exchange, reply, reply.Body, Spend.None, output);

        var text = Varying().Replace(Encoding.UTF8.GetString(output.Written.Span), "${name}VARIES");
        Assert.Equal(Encoding.UTF8.GetString(GoldenCases.Read(Folder, name, "out", "sse")), text);
    }

    [GeneratedRegex("""(?<name>"latency_ms":|"created":)[0-9.]+""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Varying();
}
