using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>
/// Callers whose answers have random lengths, so that every request has another cost, which the caller can work out from the tokens of its answer.
/// </summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A run can be repeated by its seed.")]
internal sealed class SpendingCallers(SpendingWorld world, GatewayFleet fleet, int seed)
{
    /// <summary>Nano-USD of an input and of an output token; see <see cref="PriceAsync"/>.</summary>
    public const long InputToken = 150, OutputToken = 10_000;

    /// <summary>No answer is longer, in tokens.</summary>
    public const int MostOutput = 900;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly Random random = new(seed);
    private readonly ConcurrentQueue<CallOutcome> outcomes = new();
    private int requests;

    /// <summary>Everything that became of the requests so far.</summary>
    public IReadOnlyCollection<CallOutcome> Outcomes => outcomes;

    /// <summary>Makes the world's models so dear that a dollar is gone after a few hundred requests.</summary>
    public static async Task PriceAsync(SpendingWorld world)
    {
        var components = string.Create(
            CultureInfo.InvariantCulture, $$"""{"input":{{InputToken * 1_000_000}},"cache_read":{{InputToken * 1_000_000}},"output":{{OutputToken * 1_000_000}}}""");
        foreach (var deployment in await world.World.Configuration.IdsAsync("select id from deployments"))
            await world.World.Configuration.AddPriceAsync(world.World.Organisation, deployment, components, DateTimeOffset.UtcNow.AddDays(-1));
    }

    /// <summary>So many requests at once.</summary>
    public Task<CallOutcome[]> SendAllAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => SendAsync())));

    /// <summary>So many callers, each with one request after the other, until they are told to stop.</summary>
    /// <param name="count">Callers.</param>
    /// <param name="stop">No new request is begun after it.</param>
    /// <param name="trouble">Chooses what goes wrong with a request; null = nothing does.</param>
    public Task CallAsync(int count, CancellationToken stop, Func<Random, CallTrouble>? trouble = null) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
        {
            // Who is not served comes again a little later, as clients do; without that pause a budget that is used up would be asked for nothing else.
            while (!stop.IsCancellationRequested)
                if (!(await SendAsync(trouble)).IsServed) await Task.Delay(Pause, CancellationToken.None);
        })));

    /// <summary>One request to any gateway.</summary>
    public async Task<CallOutcome> SendAsync(Func<Random, CallTrouble>? choose = null)
    {
        string id, body;
        Gateway.GatewayProcess gateway;
        CallTrouble trouble;
        lock (random)
        {
            id = $"call-{++requests}";
            trouble = choose?.Invoke(random) ?? CallTrouble.None;
            gateway = fleet.Any(random);
            // An answer of up to half as much again as may be: some are cut to the cap.
            var most = random.Next(100, MostOutput + 1);
            var directives = $"body-bytes={random.Next(4, most * 6)}; latency-ms={random.Next(5, 60)}" + (trouble.Directive is { } fault ? "; " + fault : "");
            body = $$"""
                {"model":"small","max_tokens":{{most}},"stream":{{(trouble.Stream ?? random.Next(2) == 0 ? "true" : "false")}},
                 "messages":[{"role":"user","content":"Tell me something. [[sim: {{directives}}]]"}]}
                """;
        }
        var outcome = await SendAsync(gateway, id, body, trouble);
        outcomes.Enqueue(outcome);
        return outcome;
    }

    private async Task<CallOutcome> SendAsync(Gateway.GatewayProcess gateway, string id, string body, CallTrouble trouble)
    {
        HttpStatusCode? status = null;
        try
        {
            using var leaving = new CancellationTokenSource();
            if (trouble.Leaves == CallerLeaves.BeforeTheAnswer) leaving.CancelAfter(TimeSpan.FromMilliseconds(10));
            using var response = await gateway.ChatAsync(world.World.Key, body, id, leaving.Token);
            status = response.StatusCode;
            if (trouble.Leaves == CallerLeaves.MidStream)
            {
                await using var stream = await response.Content.ReadAsStreamAsync(leaving.Token);
                _ = await stream.ReadAtLeastAsync(new byte[64], 64, throwOnEndOfStream: false, leaving.Token);
                return new(id, status, null, null, 0);
            }
            var text = await response.Content.ReadAsStringAsync(leaving.Token);
            return status == HttpStatusCode.OK ? Served(id, text) : new(id, status, CodeOf(text), null, 0);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return new(id, status, null, null, 0);
        }
    }

    private static string? CodeOf(string text) => JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("code").GetString();

    private static CallOutcome Served(string id, string text)
    {
        if (text.StartsWith('{'))
        {
            var usage = JsonDocument.Parse(text).RootElement.GetProperty("usage");
            var output = usage.GetProperty("completion_tokens").GetInt64();
            return new(id, HttpStatusCode.OK, null, usage.GetProperty("prompt_tokens").GetInt64() * InputToken + output * OutputToken, output);
        }
        // A stream that was broken off has no such line.
        const string Comment = ": gateway ";
        if (text.Split('\n').FirstOrDefault(line => line.StartsWith(Comment, StringComparison.Ordinal)) is not { } line || !text.Contains("[DONE]", StringComparison.Ordinal))
            return new(id, HttpStatusCode.OK, null, null, 0);
        var facts = JsonDocument.Parse(Encoding.UTF8.GetBytes(line[Comment.Length..])).RootElement;
        var tokens = facts.GetProperty("output_tokens").GetInt64();
        return new(id, HttpStatusCode.OK, null, facts.GetProperty("input_tokens").GetInt64() * InputToken + tokens * OutputToken, tokens);
    }
}

/// <summary>What goes wrong with a request.</summary>
/// <param name="Directive">What the provider does; null = nothing odd.</param>
/// <param name="Leaves">What the caller does.</param>
/// <param name="Stream">Whether it asks for a stream; null = at random.</param>
internal sealed record CallTrouble(string? Directive = null, CallerLeaves Leaves = CallerLeaves.Never, bool? Stream = null)
{
    /// <summary>Nothing.</summary>
    public static readonly CallTrouble None = new();
}

/// <summary>When a caller hangs up.</summary>
internal enum CallerLeaves
{
    /// <summary>It stays.</summary>
    Never,

    /// <summary>While it waits for the first byte.</summary>
    BeforeTheAnswer,

    /// <summary>After the first bytes.</summary>
    MidStream,
}
