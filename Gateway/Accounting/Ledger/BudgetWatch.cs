using System.Collections.Concurrent;
using System.Threading.Channels;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// Sees which thresholds budgets pass, and writes what must reach people: threshold events and requests for approval. Not on the way of any request; what
/// cannot be written is noticed again at the next settlement.
/// </summary>
internal sealed partial class BudgetWatch(LedgerBooks books, TimeProvider time, ILogger<BudgetWatch> logger) : BackgroundService, Routing.Rules.IBudgetShares
{
    private const int Capacity = 4096;
    private const int MaxSettled = 10_000, MaxNarrow = 50_000;

    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid Budget, string ScopeKind, string Scope), long> settled = new(), narrow = new();
    private int narrowCount;
    private readonly Channel<Func<CancellationToken, Task>> waiting =
        Channel.CreateBounded<Func<CancellationToken, Task>>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>What was last heard of the budgets of the installation, organisations and teams.</summary>
    public IEnumerable<KeyValuePair<(Guid Budget, string ScopeKind, string Scope), long>> Settled => settled;

    /// <inheritdoc />
    public long? SettledNanoUsd(Guid budget, string scopeKind, string scopeId) => (IsWide(scopeKind) ? settled : narrow).TryGetValue((budget, scopeKind, scopeId), out var sum) ? sum : null;

    /// <summary>Compares a budget's new sum with its thresholds.</summary>
    public void Note(Guid organisation, Meter meter, long settledNanoUsd)
    {
        var budget = meter.Budget!.Row;
        Remember((budget.Id, meter.ScopeKind, meter.ScopeId ?? ""), settledNanoUsd);
        for (var i = 0; i < budget.Thresholds.Length && i < 30; i++)
        {
            var bit = 1 << i;
            if ((meter.Announced & bit) != 0 || (Int128)settledNanoUsd * 100 < (Int128)meter.CapNanoUsd * budget.Thresholds[i]) continue;
            var passed = new BudgetEvent
            {
                Id = Guid.CreateVersion7(time.GetUtcNow()), OrganisationId = organisation, BudgetId = budget.Id, ScopeKind = meter.ScopeKind,
                ScopeId = meter.ScopeId ?? "", WindowStart = meter.Window.Start, Threshold = budget.Thresholds[i], SettledNanoUsd = settledNanoUsd,
                CapNanoUsd = meter.CapNanoUsd, At = time.GetUtcNow(),
            };
            if (waiting.Writer.TryWrite(token => books.WriteEventAsync(passed, token))) meter.Announced |= bit;
        }
    }

    private void Remember((Guid Budget, string ScopeKind, string Scope) key, long settledNanoUsd)
    {
        if (IsWide(key.ScopeKind))
        {
            if (settled.ContainsKey(key) || settled.Count < MaxSettled) settled[key] = settledNanoUsd;
            return;
        }
        if (narrow.TryAdd(key, settledNanoUsd))
        {
            // Callers make up names. Whoever is forgotten is heard of again at its next settlement.
            if (Interlocked.Increment(ref narrowCount) <= MaxNarrow) return;
            narrow.Clear();
            Interlocked.Exchange(ref narrowCount, 0);
            return;
        }
        narrow[key] = settledNanoUsd;
    }

    // Of these there are few, and metrics name them.
    private static bool IsWide(string kind) => kind is ScopeKinds.Global or ScopeKinds.Organisation or ScopeKinds.Team;

    /// <summary>Has an approval asked for; false when too many wait already.</summary>
    public bool TryAsk(Approval approval) => waiting.Writer.TryWrite(token => books.WriteApprovalAsync(approval, token));

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFailing = false;
        await foreach (var write in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            while (true)
            {
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    limit.CancelAfter(WriteLimit);
                    await write(limit.Token);
                    isFailing = false;
                    break;
                }
                catch (Exception) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception fault) when (fault is Npgsql.PostgresException { SqlState: ['2', '3', ..] })
                {
                    // What it is about was deleted meanwhile.
                    break;
                }
                catch (Exception fault)
                {
                    if (!isFailing) Log.CannotWrite(logger, fault.GetType().Name);
                    isFailing = true;
                    await Task.Delay(Pause, time, stoppingToken);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Budget events and requests for approval cannot be written to Postgres ({Fault}); they wait")]
        public static partial void CannotWrite(ILogger logger, string fault);
    }
}
