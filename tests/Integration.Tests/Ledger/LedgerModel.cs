using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>
/// The ledger as one would explain it: every hold and every charge is kept, and each sum is counted from them when it is asked for. Rates have no clock
/// here: their periods are so long that nothing comes back while a test runs.
/// </summary>
internal sealed class LedgerModel
{
    private readonly Dictionary<Guid, Held> running = [];
    private readonly Dictionary<Guid, Charged> charges = [];
    private readonly HashSet<Guid> swept = [];
    private readonly HashSet<Guid> remembers = [];
    private readonly HashSet<string> usedApprovals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> seeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> rates = new(StringComparer.Ordinal);

    public IEnumerable<Guid> Running => running.Keys;

    public IEnumerable<Guid> Swept => swept;

    public IEnumerable<Guid> Over => charges.Keys;

    public IEnumerable<Hold> Holds => running.Values.Select(held => held.Hold);

    /// <summary>What is held for a running request.</summary>
    public long HeldFor(Guid id) => running[id].NanoUsd;

    /// <summary>What was charged for a request that is over.</summary>
    public (Hold Hold, long NanoUsd) ChargedFor(Guid id) => (charges[id].Hold, charges[id].NanoUsd);

    public long Settled(Meter meter) => seeds.GetValueOrDefault(meter.Name) + charges.Values.Where(charge => Has(charge.Hold, meter)).Sum(charge => charge.NanoUsd);

    public long HeldOn(Meter meter) => running.Values.Where(held => Has(held.Hold, meter)).Sum(held => held.NanoUsd);

    public long RunningOn(Meter meter) => running.Values.LongCount(held => Has(held.Hold, meter));

    public bool IsUsed(Meter meter) => usedApprovals.Contains(meter.Name);

    /// <summary>Units of a rate that are taken.</summary>
    public long Taken(Meter meter) => rates.GetValueOrDefault(meter.Name);

    /// <summary>What a reservation is answered: granted tokens, or the kind of meter that refuses and what it says.</summary>
    public string Reserve(Hold hold)
    {
        var terms = hold.Terms;
        foreach (var meter in hold.Meters)
            if (meter.Type == LedgerFields.Approval && IsUsed(meter)) return "refused by a";
        var capped = hold.Meters.Where(meter => meter.Type == LedgerFields.Budget && meter.First >= 0).ToArray();
        var granted = terms.MostOutputTokens;
        if (capped.Length > 0)
        {
            var tightest = capped.MinBy(meter => (long)meter.First - Settled(meter) - HeldOn(meter))!;
            var left = (long)tightest.First - Settled(tightest) - HeldOn(tightest);
            if (terms.InputNanoUsd + terms.OutputTokenNanoUsd * terms.FewestOutputTokens > left)
                return string.Create(CultureInfo.InvariantCulture, $"refused by b settled {Settled(tightest)} held {HeldOn(tightest)}");
            while (terms.InputNanoUsd + terms.OutputTokenNanoUsd * granted > left) granted--;
        }
        // The rate that is busiest speaks for all; concurrency only where no rate does.
        var rate = hold.Meters.Where(meter => meter.Type is LedgerFields.Requests or LedgerFields.Tokens && !Passes(meter, terms)).ToArray();
        if (rate.Length > 0) return "refused by " + rate.MaxBy(meter => Wait(meter, terms))!.Type;
        var full = Array.Find(hold.Meters, meter => meter.Type == LedgerFields.Concurrency && RunningOn(meter) >= meter.First);
        if (full is not null) return string.Create(CultureInfo.InvariantCulture, $"refused by c running {RunningOn(full)}");

        running[hold.Id] = new Held(hold, terms.InputNanoUsd + terms.OutputTokenNanoUsd * granted);
        foreach (var meter in hold.Meters)
        {
            if (meter.Type == LedgerFields.Approval) usedApprovals.Add(meter.Name);
            if (meter.Type is LedgerFields.Requests or LedgerFields.Tokens) rates[meter.Name] = Math.Max(0, Taken(meter)) + Step(meter, terms);
        }
        return string.Create(CultureInfo.InvariantCulture, $"granted {granted}");
    }

    /// <summary>What a settlement is answered: the settled sums, or nothing where nothing changes.</summary>
    public string Settle(Guid id, long nanoUsd, long tokens, bool undo)
    {
        if (running.Remove(id, out var held))
        {
            Charge(held.Hold, nanoUsd, tokens, undo);
            return Sums(held.Hold);
        }
        if (!swept.Contains(id)) return "";
        if (undo && !remembers.Contains(id)) swept.Remove(id);
        if (charges[id].NanoUsd == nanoUsd) return "";
        var before = charges[id];
        charges[id] = before with { NanoUsd = nanoUsd, Tokens = tokens };
        foreach (var meter in before.Hold.Meters)
        {
            if (meter.Type == LedgerFields.Tokens) Give(meter, tokens - before.Tokens);
            if (meter.Type == LedgerFields.Approval && nanoUsd > before.NanoUsd) usedApprovals.Add(meter.Name);
        }
        return Sums(before.Hold);
    }

    /// <summary>The gateway of these holds is dead.</summary>
    public string Expire(IReadOnlyList<Guid> ids)
    {
        var answer = new StringBuilder();
        foreach (var id in ids)
        {
            if (!running.Remove(id, out var held)) continue;
            Charge(held.Hold, held.NanoUsd, held.Hold.Terms.Tokens, undo: false);
            swept.Add(id);
            answer.Append(id).Append(' ');
        }
        return answer.ToString();
    }

    /// <summary>The books say what was spent before.</summary>
    public void Seed(Meter meter, long nanoUsd) => seeds[meter.Name] = nanoUsd;

    /// <summary>Redis lost everything: sums come from the books, holds from the gateways; rates begin anew, and nothing swept is remembered.</summary>
    public void Rebuild(IEnumerable<Meter> budgets)
    {
        foreach (var meter in budgets) seeds[meter.Name] = Settled(meter);
        charges.Clear();
        swept.Clear();
        rates.Clear();
        usedApprovals.Clear();
        foreach (var meter in running.Values.SelectMany(held => held.Hold.Meters))
            if (meter.Type == LedgerFields.Approval) usedApprovals.Add(meter.Name);
        // Holds that outlive a rebuild are remembered when they end, like swept ones.
        remembers.UnionWith(running.Keys);
    }

    private void Charge(Hold hold, long nanoUsd, long tokens, bool undo)
    {
        charges[hold.Id] = new Charged(hold, nanoUsd, tokens);
        foreach (var meter in hold.Meters)
        {
            if (meter.Type == LedgerFields.Approval && nanoUsd == 0) usedApprovals.Remove(meter.Name);
            if (meter.Type == LedgerFields.Requests && undo) Give(meter, -1);
            if (meter.Type == LedgerFields.Tokens) Give(meter, tokens - hold.Terms.Tokens);
        }
        if (remembers.Contains(hold.Id)) swept.Add(hold.Id);
    }

    // A rate that is not counted (any more) owes nothing and gets nothing.
    private void Give(Meter meter, long units)
    {
        if (rates.TryGetValue(meter.Name, out var taken)) rates[meter.Name] = taken + units;
    }

    private string Sums(Hold hold) => string.Join(' ', hold.Meters.Where(meter => meter.Type == LedgerFields.Budget).Select(Settled));

    private static bool Has(Hold hold, Meter meter) => Array.Exists(hold.Meters, its => its.Name == meter.Name);

    private static long Step(Meter meter, HoldTerms terms) => meter.Type == LedgerFields.Requests ? 1 : terms.Tokens;

    // A request larger than the burst passes when nothing is taken.
    private bool Passes(Meter meter, HoldTerms terms) => Wait(meter, terms) <= 0;

    private double Wait(Meter meter, HoldTerms terms)
    {
        var (step, burst) = (Step(meter, terms), (long)Math.Round(meter.Second / meter.First));
        return (step > burst ? Math.Max(0, Taken(meter)) : Math.Max(0, Taken(meter)) + step - burst) * meter.First;
    }

    private sealed record Held(Hold Hold, long NanoUsd);

    private sealed record Charged(Hold Hold, long NanoUsd, long Tokens);
}
