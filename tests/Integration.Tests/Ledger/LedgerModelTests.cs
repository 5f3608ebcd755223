using System.Buffers.Binary;
using System.Globalization;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>
/// Random sequences of everything that happens to a ledger, against the model: every answer is the same, and after every step every sum is. A failure prints
/// the seed and the shortest sequence.
/// </summary>
public sealed class LedgerModelTests(StoresFixture stores)
{
    private const int Sequences = 1_000;
    private const int MostSteps = 60;

    [Fact]
    public async Task Scripts_AnyOperations_AnswerAndCountLikeTheModel()
    {
        await using var connection = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        Check(Enum.GetValues<Act>(), async steps => await new Run(await connection.AnotherAsync()).PlayAsync(steps));
    }

    [Fact]
    public async Task LocalLedger_TheSameOperations_AnswersLikeTheScripts()
    {
        await using var connection = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        // A gateway by itself has no sweep, no rebuild and no settlement twice.
        Check([Act.Reserve, Act.Settle, Act.Undo, Act.Roll, Act.Seed], async steps => await new Run(await connection.AnotherAsync()) { ComparesLocal = true }.PlayAsync(steps));
    }

    private static void Check(Act[] acts, Func<Step[], Task> play)
    {
        // Every other step is a reservation: else there would be little to settle.
        var act = Gen.OneOf(Gen.Constant(Act.Reserve), Gen.Elements(acts));
        var step = from kind in act
                   from mask in Gen.Choose(1, (1 << Scene.Count) - 1)
                   from pick in Gen.Choose(0, 1_000)
                   from amount in Gen.Choose(0, 100)
                   select new Step(kind, mask, pick, amount);
        var sequence = from length in Gen.Choose(1, MostSteps) from steps in step.ArrayOf(length) select steps;
        Prop.ForAll(Arb.From(sequence, Shorter), play).Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences));
    }

    private static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        for (var part = steps.Length / 2; part >= 1; part /= 2)
            for (var at = 0; at + part <= steps.Length; at += part) yield return [.. steps[..at], .. steps[(at + part)..]];
    }

    public enum Act
    {
        Reserve, Settle, SettleAgain, SettleUnknown, Undo, Expire, ExpireLive, SettleLate, Roll, Seed, Rebuild, ReserveMany, SettleMany,
    }

    /// <param name="Act">What happens.</param>
    /// <param name="Mask">On which meters.</param>
    /// <param name="Pick">To which hold.</param>
    /// <param name="Amount">How much, in percent of what is possible.</param>
    public sealed record Step(Act Act, int Mask, int Pick, int Amount);

    // The meters of one sequence. Rates are per day, of which a sequence takes milliseconds: nothing comes back.
    private sealed class Scene
    {
        public const int Count = 8;

        private readonly Guid daily = Guid.CreateVersion7();
        private readonly Meter total = Meters.Budget(3_000), soft = Meters.Budget(50, BudgetActions.Soft), running = Meters.Concurrency(4), few = Meters.Concurrency(2);
        private readonly Meter requests = Meters.Requests(100, LimitPeriods.Day, 12), tokens = Meters.Tokens(997, LimitPeriods.Day, 300), approval = Meters.Approval();
        private Meter day;

        public Scene()
        {
            day = Meters.Budget(1_500, id: daily);
            Budgets = [total, soft, day];
        }

        public List<Meter> Budgets { get; }

        public Meter[] Counts => [running, few];

        public Meter Approval => approval;

        public void Roll()
        {
            day = Meters.Budget(1_500, day: day.Window.End, id: daily);
            Budgets.Add(day);
        }

        public Meter[] Of(int mask)
        {
            Meter[] all = [day, total, requests, soft, running, tokens, few, approval];
            return [.. all.Where((_, i) => (mask & (1 << i)) != 0)];
        }
    }

    private sealed class Run(LedgerBench bench)
    {
        private readonly Scene scene = new();
        private readonly HashSet<string> overspent = new(StringComparer.Ordinal);
        private readonly LedgerModel model = new();

        public bool ComparesLocal { get; init; }

        public async Task PlayAsync(Step[] steps)
        {
            foreach (var step in steps)
            {
                var (expected, actual, local) = await DoAsync(step);
                Assert.Equal(expected, actual);
                if (ComparesLocal) Assert.Equal(actual, local);
                await CompareAsync();
            }
            await bench.CommandAsync("UNLINK", bench.Tenant.Keys.Meters, bench.Tenant.Keys.Holds, bench.Tenant.Keys.Instances, bench.Tenant.Keys.Swept, bench.Tenant.Keys.Details);
        }

        private async Task<(string Expected, string Actual, string Local)> DoAsync(Step step)
        {
            switch (step.Act)
            {
                case Act.Reserve:
                    return await ReserveAsync(step);
                case Act.Settle when One(model.Running, step) is { } id:
                    return await SettleAsync(id, model.HeldFor(id) * step.Amount / 100, step.Pick, undo: false);
                case Act.ReserveMany:
                    return await ReserveManyAsync(step);
                case Act.SettleMany:
                    return await SettleManyAsync(step);
                case Act.Undo when One(model.Running, step) is { } id:
                    return await SettleAsync(id, 0, 0, undo: true);
                case Act.SettleAgain when One(model.Over, step) is { } id:
                    return await SettleAsync(id, model.ChargedFor(id).NanoUsd, step.Pick, undo: step.Amount > 50);
                case Act.SettleLate when One(model.Swept, step) is { } id:
                    var (hold, before) = model.ChargedFor(id);
                    var truth = hold.CostNanoUsd * step.Amount / 100;
                    // The one way over a cap: the books had said less before, and what that freed was given away.
                    if (truth > before) overspent.UnionWith(hold.Meters.Select(meter => meter.Name));
                    return await SettleAsync(id, truth, step.Pick, undo: truth == 0);
                case Act.SettleUnknown:
                    return await SettleAsync(Guid.CreateVersion7(), step.Amount, step.Pick, undo: step.Amount > 50);
                case Act.Expire:
                    var ids = model.Running.Order().Where((_, i) => (step.Mask & (1 << (i % 8))) != 0).ToList();
                    await bench.BeatAsync(-1_000);
                    var swept = await bench.ExpireAsync(ids.Append(Guid.CreateVersion7()), isLast: step.Amount > 50);
                    return (model.Expire(ids), string.Concat(swept.Select(id => IdOf((string)id) + " ")), "");
                case Act.ExpireLive:
                    await bench.BeatAsync();
                    return ("0", (await bench.ExpireAsync(model.Running)).Count.ToString(CultureInfo.InvariantCulture), "");
                case Act.Roll:
                    scene.Roll();
                    return ("", "", "");
                case Act.Seed:
                    return await SeedAsync(step);
                case Act.Rebuild:
                    var sums = scene.Budgets.Select(meter => (meter.Name, model.Settled(meter))).ToArray();
                    await bench.CommandAsync("UNLINK", bench.Tenant.Keys.Meters, bench.Tenant.Keys.Holds, bench.Tenant.Keys.Instances, bench.Tenant.Keys.Swept, bench.Tenant.Keys.Details);
                    await bench.RebuildAsync([.. model.Holds], sums);
                    model.Rebuild(scene.Budgets);
                    return ("", "", "");
                default:
                    return ("", "", "");
            }
        }

        private async Task<(string, string, string)> ReserveAsync(Step step)
        {
            var hold = HoldOf(step);
            var expected = model.Reserve(hold);
            var local = ComparesLocal ? Text(hold, bench.Tenant.Local.Reserve(Copy(hold))) : "";
            var (outcome, answer) = await bench.ReserveAsync(hold);
            Assert.Equal(LedgerOutcome.Done, outcome);
            return (expected, Text(hold, answer), local);
        }

        // Several in one call are answered as if they had come one after the other.
        private async Task<(string, string, string)> ReserveManyAsync(Step step)
        {
            var random = new Random(step.Pick);
            var holds = Enumerable.Range(0, 2 + step.Amount % 7)
                .Select(_ => HoldOf(new Step(Act.Reserve, random.Next(1, 1 << Scene.Count), random.Next(1_000), random.Next(step.Amount + 1)))).ToArray();
            var expected = holds.Select(model.Reserve).ToArray();
            var answers = await bench.ReserveManyAsync(holds);
            Assert.All(answers, answer => Assert.Equal(LedgerOutcome.Done, answer.Outcome));
            return (string.Join(", ", expected), string.Join(", ", answers.Select((answer, i) => Text(holds[i], answer.Answer))), "");
        }

        private async Task<(string, string, string)> SettleManyAsync(Step step)
        {
            var holds = model.Holds.OrderBy(hold => hold.Id).Where((_, i) => (step.Mask & (1 << (i % 8))) != 0).ToArray();
            foreach (var hold in holds)
            {
                var undo = (hold.Id.GetHashCode() & 7) == 0;
                hold.Settlement = undo ? new Settlement(0, 0, Undo: true) : new Settlement(model.HeldFor(hold.Id) * step.Amount / 100, step.Pick, Undo: false);
                model.Settle(hold.Id, hold.Settlement.CostNanoUsd, hold.Settlement.Tokens, undo);
            }
            if (holds.Length == 0) return ("", "", "");
            var settled = await bench.SettleManyAsync(holds);
            Assert.All(holds, hold => Assert.Equal(LedgerOutcome.Done, settled.Outcomes[hold]));
            // Each budget is told as it is after all of them, also where they had to be ended one by one.
            Assert.All(settled.Sums, sum => Assert.InRange(sum.Value, 0, model.Settled(sum.Key)));
            return ("", "", "");
        }

        private Hold HoldOf(Step step)
        {
            var (input, each, most) = (step.Pick % 97, step.Pick % 7, step.Amount * 2);
            var estimate = input + each * most * (step.Amount % 4) / 8;
            // At least what the fewest tokens cost must be held, else the estimate would be more than the hold.
            var terms = new HoldTerms(input, each, most, Math.Min(most, step.Pick % 5), step.Pick % 120, Math.Min(estimate, input));
            // With a record, so that all of them are kept: those that are not leave nothing to settle (LedgerScriptTests).
            return Meters.Hold(bench, terms, [0], scene.Of(step.Mask));
        }

        private async Task<(string, string, string)> SettleAsync(Guid id, long nanoUsd, long tokens, bool undo)
        {
            var hold = model.Holds.FirstOrDefault(held => held.Id == id);
            var expected = model.Settle(id, nanoUsd, tokens, undo);
            var (outcome, settled) = await bench.SettleAsync(id, nanoUsd, tokens, undo);
            Assert.Equal(LedgerOutcome.Done, outcome);
            var local = "";
            if (ComparesLocal && hold is not null)
            {
                bench.Tenant.Local.Settle(hold, new Settlement(nanoUsd, tokens, undo));
                local = string.Join(' ', hold.Meters.Where(meter => meter.Type == LedgerFields.Budget).Select(meter => (long)bench.Tenant.Local.Read(meter).First));
            }
            return (expected, string.Join(' ', settled), local);
        }

        // Never more than fits: what the books bring late may exceed a cap, and is not what is looked at here.
        private async Task<(string, string, string)> SeedAsync(Step step)
        {
            var meter = scene.Budgets[step.Pick % scene.Budgets.Count];
            var counted = await bench.FieldAsync(bench.Tenant.MetersKey, System.Text.Encoding.UTF8.GetBytes(LedgerFields.OfSeed(meter.Name)));
            var before = counted is null ? 0 : (long)BinaryPrimitives.ReadDoubleLittleEndian(counted);
            var most = Math.Max(0, meter.CapNanoUsd - (model.Settled(meter) - before) - model.HeldOn(meter));
            var amount = most * step.Amount / 200;
            model.Seed(meter, amount);
            await bench.SeedAsync(meter.Name, amount);
            if (ComparesLocal) bench.Tenant.Local.Seed(meter.Name, LedgerFields.OfSeed(meter.Name), amount);
            return ("", "", "");
        }

        private async Task CompareAsync()
        {
            // Every hold has its details, and no details are left without one.
            Assert.Equal((await bench.HashAsync(bench.Tenant.HoldsKey)).Keys, (await bench.HashAsync(bench.Tenant.DetailsKey)).Keys);
            var hash = await bench.HashAsync(bench.Tenant.MetersKey);
            foreach (var meter in scene.Budgets)
            {
                var (settled, held) = LedgerHold.ReadBudget(Value(hash, meter));
                Assert.Equal((meter.Name, model.Settled(meter), model.HeldOn(meter)), (meter.Name, settled, held));
                Assert.True(held >= 0);
                if (meter.First >= 0 && !overspent.Contains(meter.Name)) Assert.True(settled + held <= meter.First, $"{meter.Name}: {settled} + {held} > {meter.First}");
                if (ComparesLocal) Assert.Equal((settled, held), bench.Tenant.Local.Read(meter));
            }
            foreach (var meter in scene.Counts)
            {
                var count = Value(hash, meter) is { Length: 8 } bytes ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : 0;
                Assert.Equal((meter.Name, model.RunningOn(meter)), (meter.Name, count));
                Assert.InRange(count, 0, meter.First);
                if (ComparesLocal) Assert.Equal(count, bench.Tenant.Local.Read(meter).First);
            }
            var used = Value(hash, scene.Approval) is { Length: 8 } value && BinaryPrimitives.ReadDoubleLittleEndian(value) == 1;
            Assert.Equal(model.IsUsed(scene.Approval), used);
        }

        private static byte[] Value(SortedDictionary<string, string> hash, Meter meter) => hash.TryGetValue(Convert.ToHexString(meter.Field), out var hex) ? Convert.FromHexString(hex) : [];

        private static Guid IdOf(string latin) => new(System.Text.Encoding.Latin1.GetBytes(latin), bigEndian: true);

        private static Guid? One(IEnumerable<Guid> ids, Step step)
        {
            var all = ids.Order().ToArray();
            return all.Length == 0 ? null : all[step.Pick % all.Length];
        }

        // The local ledger notes on a hold what it granted, which must not reach the one that Redis is asked for.
        private static Hold Copy(Hold hold) => new(hold.Tenant, hold.Id, hold.Meters, hold.Terms);

        private static string Text(Hold hold, ReserveAnswer answer)
        {
            if (answer.Kind == ReserveKind.Granted) return string.Create(CultureInfo.InvariantCulture, $"granted {answer.GrantedTokens}");
            var type = hold.Meters[answer.Meter].Type;
            return type switch
            {
                LedgerFields.Budget => string.Create(CultureInfo.InvariantCulture, $"refused by b settled {answer.First} held {answer.Second}"),
                LedgerFields.Concurrency => string.Create(CultureInfo.InvariantCulture, $"refused by c running {answer.Second}"),
                _ => "refused by " + type,
            };
        }
    }
}
