using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain.Quality;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Tests.Quality;

/// <summary>What is learned from votes: by formula, and from rows.</summary>
public sealed class QualityLearningTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public void Cell_OfTooFewUsers_IsNone() => Assert.Null(QualityLearning.Of([.. Enumerable.Repeat(new UserVotes(100, 100, 100), 4)], minUsers: 5));

    [Fact]
    public void Cell_OfEqualUsers_IsTheirMeanWithWilsonsInterval()
    {
        var cell = QualityLearning.Of([.. Enumerable.Repeat(new UserVotes(1, 1, 1), 9), new UserVotes(1, 0, 1)], 5)!;
        var (lower, upper) = WilsonInterval.Of(0.9, 10);
        Assert.Equal((0.9, 10, 10), (Math.Round(cell.Mean, 12), cell.Votes, cell.Users));
        Assert.Equal((Math.Round(lower, 9), Math.Round(upper, 9)), (Math.Round(cell.Lower, 9), Math.Round(cell.Upper, 9)));
    }

    [Fact]
    public void User_WithAThousandVotes_CountsAsFive()
    {
        UserVotes[] honest = [.. Enumerable.Repeat(new UserVotes(5, 5, 5), 9)];
        var cell = QualityLearning.Of([.. honest, new UserVotes(1_000, 0, 1_000)], 5)!;
        Assert.Equal(0.9, cell.Mean, 12);
    }

    [Fact]
    public void Certainty_WithoutNewVotes_Fades()
    {
        var fresh = QualityLearning.Of([.. Enumerable.Repeat(new UserVotes(1, 0.9, 1), 50)], 5)!;
        var old = QualityLearning.Of([.. Enumerable.Repeat(new UserVotes(0.125, 0.1125, 1), 50)], 5)!;
        Assert.Equal(fresh.Mean, old.Mean, 12);
        Assert.True(old.Lower < fresh.Lower - 0.1, $"{old.Lower} {fresh.Lower}");
        Assert.Equal(WilsonInterval.Of(old.Mean, 6.25).Lower, old.Lower, 9);
    }

    [Fact]
    public void Key_ThatNamesItsUsersItself_CannotOutvoteOthersByInventingThem()
    {
        var key = Guid.NewGuid();
        UserVotes[] honest = [.. Enumerable.Repeat(new UserVotes(5, 5, 5), 50)];
        var cell = QualityLearning.Of([.. honest, .. Enumerable.Repeat(new UserVotes(5, 0, 5, key), 5_000)], 5, maxUsersPerKey: 50)!;
        Assert.Equal((0.5, 5_050), (Math.Round(cell.Mean, 9), cell.Users));
        // Nor become enough users by it.
        Assert.Null(QualityLearning.Of([.. Enumerable.Repeat(new UserVotes(5, 0, 5, key), 5_000)], minUsers: 5, maxUsersPerKey: 4));
        // As many as the bound weigh as they are.
        Assert.Equal(QualityLearning.Of([.. honest.Select(h => h with { Key = key })], 5, 50), QualityLearning.Of(honest, 5));
    }

    [Fact]
    public async Task Request_IsOneVote_WhateverNumberOfThingsWasJudged()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        // Five users; the first judged twenty things of one request, half of them well.
        await portal.ExecuteAsync($"""
            insert into feedback (id, organisation_id, key_id, request_id, name, source, score, at, usage_id, usage_at, voter, task, provider, model)
            select gen_random_uuid(), '{api.Organisation}', gen_random_uuid(), 'r' || u, 'n' || i, 'user', case when u = 1 then i % 2 else 1 end, now(), md5('one ' || u)::uuid, now(), 'v' || u, 'coding', 'p-fast', 'm'
            from generate_series(1, 5) u, generate_series(1, 20) i where u = 1 or i = 1
            """.Replace("gen_random_uuid(), 'r'", "md5('key ' || u)::uuid, 'r'", StringComparison.Ordinal));
        using var learner = new LearnQuality(
            portal.Get<NpgsqlDataSource>(), portal.Get<PublishQuality>(), Options.Create(new LearningOptions()), new ManualClock(PortalHost.Now()), NullLogger<LearnQuality>.Instance);
        await learner.RoundAsync(default);

        var cell = Assert.Single((await api.GetAsync("/api/quality")).Body!["learned"]!.AsArray());
        Assert.Equal((5, 5, 0.9), (cell!["samples"]!.GetValue<int>(), cell["users"]!.GetValue<int>(), Math.Round(cell["mean"]!.GetValue<double>(), 3)));
    }

    [Fact]
    public async Task Votes_OfEnoughUsers_BecomeACellOnce_AndLeaveWhenTheyAreOld()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        // Six users vote 1 today, another one voted 0 a half-life ago, and one vote met no record yet.
        await portal.ExecuteAsync($"""
            insert into feedback (id, organisation_id, key_id, request_id, name, source, score, at, usage_id, usage_at, voter, task, provider, model)
            select gen_random_uuid(), '{api.Organisation}', gen_random_uuid(), 'r' || i, '', 'user', case i when 7 then 0 else 1 end, now() - case i when 7 then interval '30 days' else interval '0' end,
                case when i < 8 then gen_random_uuid() end, case when i < 8 then now() end, 'u' || i, case when i < 8 then 'coding' end, 'p-fast', 'm'
            from generate_series(1, 8) i
            """);
        var clock = new ManualClock(PortalHost.Now());
        using var learner = new LearnQuality(
            portal.Get<NpgsqlDataSource>(), portal.Get<PublishQuality>(), Options.Create(new LearningOptions()), clock, NullLogger<LearnQuality>.Instance);
        await learner.RoundAsync(default);
        await learner.RoundAsync(default);

        var cell = Assert.Single((await api.GetAsync("/api/quality")).Body!["learned"]!.AsArray());
        Assert.Equal(("coding", "feedback", 7, 7), (cell.Text("task"), cell.Text("source"), cell!["samples"]!.GetValue<int>(), cell["users"]!.GetValue<int>()));
        Assert.Equal(6 / 6.5, cell["mean"]!.GetValue<double>(), 3);
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from audit_entries where action = 'quality.learn' and organisation_id = '{api.Organisation}' and actor = 'feedback'"));

        clock.Now += TimeSpan.FromDays(301);
        await learner.RoundAsync(default);
        Assert.Empty((await api.GetAsync("/api/quality")).Body!["learned"]!.AsArray());
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from feedback where organisation_id = '{api.Organisation}'"));
    }
}
