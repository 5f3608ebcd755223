using System.Text;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Routing;

/// <summary>Steps, what is held for them, and answers that are read and still go out as they came.</summary>
public sealed class CascadeTests
{
    private const string Chunks =
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Yes\"}}]}\n\n"
        + ": a comment\n\n"
        + "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\n";

    private const string Marker = "data: [DONE]\n\n";

    [Theory]
    [InlineData("", "abcd")]
    [InlineData("ca", "cabd")]
    [InlineData("dcba", "dcba")]
    [InlineData("xb", "bacd")]
    public void Strategy_ChosenStepsFirst_TheOthersBehind(string steps, string expected)
    {
        var deployments = "abcd".Select(name => Of(name.ToString(), 1)).ToArray();
        var model = Model(deployments, new() { Steps = [.. steps.Select(s => deployments.FirstOrDefault(d => d.Name == s.ToString())?.Id ?? Guid.NewGuid())] });
        Candidate[] candidates = [.. deployments.Select(d => new Candidate(d, null, null))];
        new CascadeStrategy().Order(model, null, candidates);

        Assert.Equal(expected, string.Concat(candidates.Select(c => c.Deployment.Name)));
    }

    [Fact]
    public void Bounds_AreTheSumOfTheDearest_ForAsManyAnswersAsThereAreSteps()
    {
        var exchange = Exchange(new(), null, 1, 5, 3);
        var each = exchange.Plan!.Candidates.Select(c => SpendBound.Of(exchange.Request!, c.Deployment, c.Price, null)).ToList();

        Assert.Equal(3, LegBounds.CountOf(exchange));
        Assert.Equal(each.Sum(b => b.WorstNanoUsd), LegBounds.WorstOf(exchange));
        var two = LegBounds.Of(exchange, 2, null);
        Assert.Equal((each[1].InputNanoUsd + each[2].InputNanoUsd, each[1].OutputTokenNanoUsd + each[2].OutputTokenNanoUsd), (two.InputNanoUsd, two.OutputTokenNanoUsd));
        // One that is dropped, or behind the steps, is not paid for beside them.
        exchange.Plan.Candidates[1] = exchange.Plan.Candidates[1] with { Dropped = "disabled" };
        Assert.Equal(2, LegBounds.CountOf(exchange));
        // A budget that had no room for all.
        exchange.NoteLegs().Covered = 1;
        Assert.Equal(1, LegBounds.CountOf(exchange));
        exchange.NoteLegs().IsPlain = true;
        exchange.NoteLegs().Covered = int.MaxValue;
        Assert.Equal(1, LegBounds.CountOf(exchange));
    }

    [Fact]
    public void Bounds_Hedged_AreThoseOfTwo_AndOfOneWhereNobodyElseIsThere()
    {
        var hedged = Exchange(null, new(), 1, 5, 3);
        var each = hedged.Plan!.Candidates.Select(c => SpendBound.Of(hedged.Request!, c.Deployment, c.Price, null).WorstNanoUsd).Order().ToList();
        Assert.Equal(each[1] + each[2], LegBounds.WorstOf(hedged));
        Assert.Equal(1, LegBounds.CountOf(Exchange(null, new(), 1)));
        Assert.Equal(1, LegBounds.CountOf(Exchange(null, null, 1, 2)));
    }

    [Fact]
    public void Hedge_GoesToTheNextOwnDeployment_OnceARequest_AndNeverToAnotherVersionThanThePinned()
    {
        var exchange = Exchange(null, new(), 1, 5, 3);
        var candidates = exchange.Plan!.Candidates;
        var walk = new CandidateWalk();
        walk.Next(candidates, exchange.Call);
        Assert.Equal(1, HedgePolicy.TargetOf(exchange, walk));
        candidates[1] = candidates[1] with { Dropped = "circuit_open" };
        Assert.Equal(2, HedgePolicy.TargetOf(exchange, walk));

        PinSnapshot Pin(string version) => new()
        {
            Id = Guid.NewGuid(), ScopeKind = "model", Model = "m", Version = version, ServedAs = version, MayLeave = true, Deployments = [.. candidates.Select(c => c.Deployment)],
        };
        exchange.Plan = exchange.Plan with { Pin = Pin("d0") };
        Assert.Equal(-1, HedgePolicy.TargetOf(exchange, walk));
        exchange.Plan = exchange.Plan with { Pin = Pin("d2") };
        Assert.Equal(2, HedgePolicy.TargetOf(exchange, walk));

        exchange.Call.Add(new(candidates[0], 0, null, 1, 500, "server_error"));
        Assert.Equal(-1, HedgePolicy.TargetOf(exchange, walk));
    }

    [Theory]
    [InlineData(true)]
    // The provider may close without its end mark.
    [InlineData(false)]
    public async Task HeldStream_CutAnywhere_IsReadWhole_AndComesAgainByteForByte(bool hasMarker)
    {
        var bytes = Encoding.UTF8.GetBytes(hasMarker ? Chunks + Marker : Chunks);
        for (var cut = 1; cut < bytes.Length; cut += 3)
        {
            var exchange = Exchange(new(), null, 1, 2);
            using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
            var events = new EventStream(new Cut(bytes, cut), timer, TimeSpan.FromSeconds(10));
            using var reply = Reply(exchange, timer, events);
            var facts = new ReplyFacts();
            var answer = await AnswerReader.ReadAsync(exchange, reply, facts);

            Assert.Null(answer.Failure);
            Assert.Equal("Yes", QualityGate.TextOf(answer.Chat!.Choices[0]));
            Assert.Equal(new TokenUsage(7, 0, 0, 3, 0), facts.Usage);
            // Nothing of it has reached the facts that the pump fills.
            Assert.Null(reply.Facts.Usage);
            var again = new MemoryStream();
            do
            {
                while (events.TryPeek(out var frame))
                {
                    again.Write(frame);
                    events.Take(frame.Length);
                }
            }
            while (!events.IsEnded && await events.ReadAsync());
            Assert.Equal(bytes, again.ToArray());
        }
    }

    [Fact]
    public async Task HeldStream_ThatBreaksOff_IsAFailure_WithWhatItUsed()
    {
        var bytes = Encoding.UTF8.GetBytes(Chunks.Replace("\"finish_reason\":\"stop\"", "\"finish_reason\":null", StringComparison.Ordinal));
        var exchange = Exchange(new(), null, 1, 2);
        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        using var reply = Reply(exchange, timer, new EventStream(new Cut(bytes, bytes.Length), timer, TimeSpan.FromSeconds(10)));
        var answer = await AnswerReader.ReadAsync(exchange, reply, new ReplyFacts());

        Assert.Null(answer.Chat);
        Assert.Equal("broken", answer.Failure!.Outcome);
        Assert.Equal(3, answer.Failure.Usage!.Value.Output);
    }

    [Fact]
    public async Task HeldStream_BeyondTheBound_IsGivenBackUnseen()
    {
        var chunk = Encoding.UTF8.GetBytes($"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{new string('a', 60_000)}\"}}}}]}}\n\n");
        byte[] bytes = [.. Enumerable.Repeat(chunk, 30).SelectMany(c => c)];
        var exchange = Exchange(new(), null, 1, 2);
        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        var events = new EventStream(new Cut(bytes, 50_000), timer, TimeSpan.FromSeconds(10));
        using var reply = Reply(exchange, timer, events);
        var answer = await AnswerReader.ReadAsync(exchange, reply, new ReplyFacts());

        Assert.Equal((null, null), (answer.Chat, answer.Failure));
        Assert.InRange(events.Pending, AnswerReader.MostHeld, AnswerReader.MostHeld + 200_000);
    }

    private static ProviderReply Reply(Exchange exchange, AttemptTimer timer, EventStream events) =>
        new(exchange.Plan!.Candidates[0], new OpenAiModule(OpenAiVendors.OpenAi), timer, new HttpResponseMessage(), new ReplyFacts()) { Events = events };

    private static Exchange Exchange(CascadeSettings? cascade, HedgeSettings? hedge, params int[] prices)
    {
        var body = """{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]}"""u8.ToArray();
        var facts = new RequestFacts(body, body.Length) { Operation = Operation.ChatCompletions };
        Assert.Null(RequestFactsReader.Read(facts, Operation.ChatCompletions, 64));
        var deployments = prices.Select((price, i) => Of("d" + i, price)).ToArray();
        var model = Model(deployments, cascade, hedge);
        return new Exchange(new DefaultHttpContext(), Operation.ChatCompletions, null, TimeProvider.System)
        {
            Request = facts, Plan = new(null, model, model.Strategy, [.. deployments.Select(d => new Candidate(d, d.Prices[0], null))]),
        };
    }

    private static ModelSnapshot Model(DeploymentSnapshot[] deployments, CascadeSettings? cascade, HedgeSettings? hedge = null) => new()
    {
        Name = "m", CreatedAt = DateTimeOffset.UnixEpoch, Strategy = cascade is null ? RoutingStrategies.Priority : RoutingStrategies.Cascade, Deployments = deployments, Cascade = cascade,
        Reliability = hedge is null ? null : new() { Hedge = hedge },
    };

    private static DeploymentSnapshot Of(string name, int price) => new()
    {
        Id = Guid.NewGuid(), Name = name, UpstreamModel = name, IsEnabled = true, Provider = Matrix.Protocols.Deployment("openai").Provider,
        Prices = [new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, new() { Input = price * 100_000_000L, Output = price * 300_000_000L })],
    };

    /// <summary>Gives its bytes in pieces of one size.</summary>
    private sealed class Cut(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer.Length > size ? buffer[..size] : buffer, cancellationToken);
    }
}
