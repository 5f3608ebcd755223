using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Matrix;
using AspireGateway.Gateway.Tests.OpenAi;
using AspireGateway.Gateway.Tests.Routing.Rules;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Caching.Prefixes;

/// <summary>A gateway's memory of beginnings, and what it sends.</summary>
internal sealed class PrefixWorld
{
    public static readonly PrefixTerms Auto = new(Always: false, Hour: false, MinTokens: 1_024);

    private static readonly PrefixSeeds Seeds = new([1, 2, 3]);

    public PrefixWorld() => Table = new(Time);

    public RuleWorld.ManualTime Time { get; } = new();

    public WarmPrefixes Table { get; }

    public PrefixCounts Counts { get; } = new();

    public Guid Organisation { get; init; } = Guid.NewGuid();

    /// <summary>A text of about so many tokens.</summary>
    public static string Long(int tokens, char letter = 'a') => new(letter, tokens * 4);

    public PrefixLookup Lookup(PrefixTerms terms) => new(terms, Table, Seeds, Counts, Organisation);

    /// <summary>What a deployment is sent; afterwards its reply stands.</summary>
    public async Task<string> SendAsync(DeploymentSnapshot deployment, Operation operation, string body, PrefixTerms? terms = null, bool stands = true)
    {
        var module = ProviderModules.Find(deployment.Provider.Protocol)!;
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), operation);
        var exchange = await DecideAsync(deployment, operation, facts, terms);
        Assert.True(AttemptRequest.TryPrepare(exchange, exchange.Plan!.Candidates[0], module, out var request, out _));
        Assert.Equal(0, exchange.Call.Dropped.Count);
        var sent = Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        request.Content.Dispose();
        if (stands) exchange.Prefix!.Stands(deployment.Id, Guid.Empty);
        return sent;
    }

    /// <summary>What is known of a message's beginnings when it is about to be sent.</summary>
    public async Task<PrefixLookup> DecideAsync(DeploymentSnapshot deployment, string body)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(body), Operation.Messages);
        return (await DecideAsync(deployment, Operation.Messages, facts, null)).Prefix!;
    }

    private async Task<Exchange> DecideAsync(DeploymentSnapshot deployment, Operation operation, RequestFacts facts, PrefixTerms? terms)
    {
        var model = new ModelSnapshot { Name = "m", CreatedAt = DateTimeOffset.UnixEpoch, Strategy = "priority", Deployments = [deployment] };
        var exchange = new Exchange(new DefaultHttpContext(), operation, null, Time) { Request = facts, Prefix = Lookup(terms ?? Auto), Plan = new("m", model, "priority", [new(deployment, null, null)]) };
        await new PreferWarm().DecideAsync(exchange);
        return exchange;
    }

    public static DeploymentSnapshot Deployment(string protocol) => Protocols.Deployment(protocol);

    /// <summary>What stands at a path of the body.</summary>
    public static string At(string json, params object[] path)
    {
        var element = JsonDocument.Parse(json).RootElement;
        foreach (var step in path) element = step is int index ? element[index < 0 ? element.GetArrayLength() + index : index] : element.GetProperty((string)step);
        return element.GetRawText();
    }

    /// <summary>How often a word stands in a text.</summary>
    public static int Count(string text, string word) => text.Split(word).Length - 1;
}
