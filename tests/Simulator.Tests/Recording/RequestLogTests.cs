using AspireGateway.Simulator.Recording;

namespace AspireGateway.Simulator.Tests.Recording;

public sealed class RequestLogTests
{
    private static readonly SimulatorOptions Small = new() { RememberedRequests = 5, RememberedBodyBytes = 100 };

    [Fact]
    public void Ring_MoreThanItHolds_KeepsTheLast()
    {
        var log = new RequestLog(Small, TimeProvider.System);
        for (var i = 0; i < 12; i++) log.Add(Request());

        Assert.Equal([8, 9, 10, 11, 12], log.Since(0).Select(r => r.Id));
        Assert.Equal([11, 12], log.Since(10).Select(r => r.Id));
    }

    [Fact]
    public void Bodies_MoreBytesThanAllowed_DropTheOldest()
    {
        var log = new RequestLog(Small, TimeProvider.System);
        var requests = Enumerable.Range(0, 4).Select(_ => Request()).ToList();
        foreach (var request in requests)
        {
            log.Add(request);
            log.KeepBody(request, new byte[40]);
        }

        Assert.Equal([false, false, true, true], requests.Select(r => r.Body is not null));
    }

    [Fact]
    public void Bodies_OneLargerThanAllowed_IsNotKept()
    {
        var log = new RequestLog(Small, TimeProvider.System);
        var (large, next) = (Request(), Request());
        log.Add(large);
        log.KeepBody(large, new byte[101]);
        log.Add(next);
        log.KeepBody(next, new byte[100]);

        Assert.Null(large.Body);
        Assert.NotNull(next.Body);
    }

    private static RecordedRequest Request() => new()
    {
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Method = "POST",
        Path = "/",
        Headers = new Dictionary<string, string>(StringComparer.Ordinal),
    };
}
