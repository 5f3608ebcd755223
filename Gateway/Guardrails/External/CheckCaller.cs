using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Data;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>Asks checks within their time limits, and leaves one alone for a while that fails.</summary>
internal sealed class CheckCaller(SecretBox box, TimeProvider time) : IDisposable
{
    private readonly CheckClient client = new(time);
    private readonly ConcurrentDictionary<Guid, CheckCircuit> circuits = new();
    private readonly ConditionalWeakTable<ExternalCheck, OpenedSecret> secrets = [];

    /// <summary>Asks one check.</summary>
    /// <returns>What it says; null = it says nothing: it is gone, slow, or answers something else.</returns>
    public async Task<CheckAnswer?> AskAsync(ExternalCheck check, CheckQuestion question, CancellationToken cancellationToken) => question.Text.Length > check.MaxCharacters ? null
        : (await RunAsync(check, (secret, token) => client.AskAsync(check.Target, question, secret, token), cancellationToken))?.Answer;

    /// <summary>Has one check read a picture or a sound.</summary>
    /// <returns>The text; null = it says nothing, or more than it may.</returns>
    public async Task<string?> ReadAsync(ExternalCheck check, CheckMedia media, CancellationToken cancellationToken)
    {
        var reply = await RunAsync(check, (secret, token) => client.ReadAsync(check.Target, media, secret, token), cancellationToken);
        return reply?.Text is { } text && text.Length <= check.MaxCharacters ? text : null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        client.Dispose();
        foreach (var circuit in circuits.Values) circuit.Dispose();
    }

    private async Task<CheckReply?> RunAsync(ExternalCheck check, Func<string?, CancellationToken, Task<CheckReply>> ask, CancellationToken cancellationToken)
    {
        var secret = SecretOf(check);
        if (check.SecretEnvelope is not null && secret is null) return null;
        var circuit = circuits.GetOrAdd(check.Id, static (_, clock) => new CheckCircuit(clock), time);
        if (!circuit.TryEnter()) return null;
        using var limit = new CancellationTokenSource(check.TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        CheckReply? reply = null;
        try
        {
            await circuit.Room.WaitAsync(both.Token);
            try
            {
                reply = await ask(secret, both.Token);
            }
            finally
            {
                circuit.Room.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            circuit.Abandon();
            throw;
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException or InvalidOperationException)
        {
            // What exactly it was may hold what was sent; that it failed is counted by whoever asked.
        }
        circuit.Leave(reply is { Fault: CheckFault.None });
        return reply;
    }

    // An opened one lives as long as the snapshot that holds its envelope.
    private string? SecretOf(ExternalCheck check)
    {
        if (check.SecretEnvelope is not { } envelope) return null;
        if (!secrets.TryGetValue(check, out var opened)) opened = secrets.GetValue(check, key => new OpenedSecret(box.Open(envelope, key.Id)));
        return opened.Value;
    }

    private sealed record OpenedSecret(string? Value);
}
