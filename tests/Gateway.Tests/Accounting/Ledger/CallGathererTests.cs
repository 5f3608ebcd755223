using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using static AspireGateway.Gateway.Tests.Accounting.Journal.JournalScratch;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

/// <summary>Which items go together, and that each is told once.</summary>
public sealed class CallGathererTests
{
    private readonly Numbers gatherer = new();

    [Fact]
    public async Task WhatComesWhileARoundIsOnItsWay_GoesTogether_InItsOrder()
    {
        gatherer.Add(1);
        await gatherer.IsSentAsync([1]);
        foreach (var number in (int[])[2, 3, 4]) gatherer.Add(number);

        gatherer.Answer();

        await gatherer.IsSentAsync([2, 3, 4]);
        gatherer.Answer();
        gatherer.Add(5);
        await gatherer.IsSentAsync([5]);
        Assert.Equal([[1], [2, 3, 4], [5]], gatherer.Sent);
    }

    [Fact]
    public async Task ARound_HoldsNoMoreThanItTakes()
    {
        gatherer.Add(1);
        await gatherer.IsSentAsync([1]);
        for (var i = 2; i <= 8; i++) gatherer.Add(i);

        gatherer.Answer();

        await gatherer.IsSentAsync([2, 3, 4, 5]);
        gatherer.Answer();
        await gatherer.IsSentAsync([6, 7, 8]);
    }

    [Fact]
    public async Task NoAnswer_IsToldToThoseThatWait_AndLaterOnesAreSent()
    {
        gatherer.Add(1);
        await gatherer.IsSentAsync([1]);
        for (var i = 2; i <= 9; i++) gatherer.Add(i);

        gatherer.Answer(isAnswered: false);

        await Until(() => gatherer.Unsent.Count == 8, "all that wait are told");
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], gatherer.Unsent);
        gatherer.Add(10);
        await gatherer.IsSentAsync([10]);
    }

    [Fact]
    public async Task Rounds_GoSideBySide_AsManyAsThereAreLanes()
    {
        var two = new Numbers(lanes: 2);
        two.Add(1);
        await two.IsSentAsync([1]);
        two.Add(2);
        await two.IsSentAsync([2]);
        foreach (var number in (int[])[3, 4]) two.Add(number);
        Assert.Equal([[1], [2]], two.Sent);

        two.Answer();

        await Until(() => two.Sent.SelectMany(round => round).Order().SequenceEqual([1, 2, 3, 4]), "what waited is sent");
    }

    [Fact]
    public async Task TooManyWaiting_AreNotTaken()
    {
        gatherer.Add(0);
        await gatherer.IsSentAsync([0]);
        var taken = 0;
        while (taken < 100_000 && gatherer.Add(1)) taken++;

        Assert.Equal(16_384, taken);
    }

    private sealed class Numbers(int lanes = 1) : CallGatherer<int, List<int>>(lanes, static () => [], static last => last)
    {
        private readonly Lock gate = new();
        private readonly List<int[]> sent = [];
        private readonly List<int> unsent = [];
        private TaskCompletionSource<bool> answer = new();

        public List<int[]> Sent
        {
            get { lock (gate) return [.. sent]; }
        }

        public List<int> Unsent
        {
            get { lock (gate) return [.. unsent]; }
        }

        public bool Add(int number) => TryAdd(number);

        public Task IsSentAsync(int[] last) => Until(() => Sent is [.., var round] && round.SequenceEqual(last), "the round is sent");

        public void Answer(bool isAnswered = true)
        {
            TaskCompletionSource<bool> current;
            lock (gate) (current, answer) = (answer, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            current.SetResult(isAnswered);
        }

        protected override bool TryJoin(List<int> to, int item)
        {
            if (to.Count == 4) return false;
            to.Add(item);
            return true;
        }

        protected override async ValueTask<bool> SendAsync(List<int> whole)
        {
            Task<bool> answered;
            lock (gate)
            {
                sent.Add([.. whole]);
                answered = answer.Task;
            }
            whole.Clear();
            return await answered;
        }

        protected override void NotSent(int item)
        {
            lock (gate) unsent.Add(item);
        }
    }
}
