using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Routing.Quality.Feedback;
using AspireGateway.Gateway.Tests.Routing.Rules;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Routing.Quality;

/// <summary>What a vote must be, and how many a key may give.</summary>
public sealed class VoteReaderTests
{
    [Fact]
    public void Vote_Whole_IsRead()
    {
        Assert.Null(Read("""{"request_id":"req_1","score":0.25,"source":"eval","name":"tone","comment":"a\nb","tags":["x","y"]}""", out var vote));
        Assert.Equal(new("req_1", 0.25, "eval", "tone", "a\nb", """["x","y"]"""), vote);
        Assert.Null(Read("""{"request_id":"req_1","score":1,"source":"user","name":null,"comment":null,"tags":{"a":"b"}}""", out vote));
        Assert.Equal(new("req_1", 1, "user", "", null, """{"a":"b"}"""), vote);
    }

    [Theory]
    [InlineData("""{"score":1,"source":"user"}""", "request_id")]
    [InlineData("""{"request_id":"","score":1,"source":"user"}""", "request_id")]
    [InlineData("""{"request_id":"r","source":"user"}""", "score")]
    [InlineData("""{"request_id":"r","score":1.01,"source":"user"}""", "score")]
    [InlineData("""{"request_id":"r","score":"1","source":"user"}""", "score")]
    [InlineData("""{"request_id":"r","score":1}""", "source")]
    [InlineData("""{"request_id":"r","score":1,"source":"me"}""", "source")]
    [InlineData("""{"request_id":"r","score":1,"source":"user","name":""}""", "name")]
    [InlineData("""{"request_id":"r","score":1,"source":"user","comment":"a\u0000"}""", "comment")]
    [InlineData("""{"request_id":"r","score":1,"source":"user","comment":"\ud800"}""", "comment")]
    [InlineData("""{"request_id":"r","score":1,"source":"user","tags":[1]}""", "tags")]
    [InlineData("""{"request_id":"r","score":1,"source":"user","tags":"a"}""", "tags")]
    [InlineData("""{"request_id":"r","score":1,"source":"user","secret":"words"}""", null)]
    [InlineData("""{"request_id":"r","score":1,"score":0,"source":"user"}""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public void Vote_ThatIsNone_NamesTheField_AndRepeatsNothing(string body, string? param)
    {
        var refusal = Read(body, out var vote);
        Assert.Null(vote);
        Assert.Equal((400, param), (refusal!.Status, refusal.Param));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_OfAKey_IsBoundedByTheMinute()
    {
        var time = new RuleWorld.ManualTime();
        var rate = new FeedbackRate(Options.Create(new FeedbackOptions { VotesPerMinute = 2 }), time);
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.True(rate.TryTake(one, out _) && rate.TryTake(one, out _) && rate.TryTake(other, out _));
        Assert.False(rate.TryTake(one, out var left));
        Assert.Equal(60, left);
        time.Now += TimeSpan.FromSeconds(60);
        Assert.True(rate.TryTake(one, out _));
    }

    private static Pipeline.Refusal? Read(string body, out Vote? vote) => VoteReader.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body)), out vote);
}
