using System.Net;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Tests.Redis;

public sealed class RedisOptionsTests
{
    [Fact]
    public void Parse_EveryOption_IsTakenOrPassedOver()
    {
        var options = RedisOptions.Parse("one:7000, 10.0.0.2,[::1]:6380,password=a=b,user=me,ssl=True,defaultDatabase=4,abortConnect=false,connectTimeout=2500,name=x,$INFO=i");

        Assert.Equal([new DnsEndPoint("one", 7000), new DnsEndPoint("10.0.0.2", 6379), new DnsEndPoint("::1", 6380)], options.Endpoints);
        Assert.Equal(("a=b", "me", true, 4, 2500d), (options.Password, options.User, options.Tls, options.Database, options.ConnectTimeout.TotalMilliseconds));
    }

    [Fact]
    public void Parse_AServerAlone_HasTheDefaults()
    {
        var options = RedisOptions.Parse("cache");

        Assert.Equal([new DnsEndPoint("cache", 6379)], options.Endpoints);
        Assert.Equal((null, null, false, 0), (options.Password, options.User, options.Tls, options.Database));
        Assert.Equal((50, 1000, 250), (options.CallTimeout.TotalMilliseconds, options.ConnectTimeout.TotalMilliseconds, options.ReconnectDelay.TotalMilliseconds));
        Assert.Equal((3, 16384), (options.TimeoutsToTrip, options.MaxInFlight));
    }

    [Theory]
    [InlineData("")]
    [InlineData("password=hidden")]
    [InlineData("host:0,password=hidden")]
    [InlineData("host:99999")]
    [InlineData("host:hidden")]
    [InlineData("host:6379,password=a,hidden=1")]
    [InlineData("host,password=a,hi dden")]
    [InlineData("host,ssl=hidden")]
    [InlineData("host,defaultDatabase=-1")]
    [InlineData("host,connectTimeout=0")]
    [InlineData("host,connectTimeout=60001")]
    [InlineData("host,connectTimeout=hidden")]
    [InlineData("host,serviceName=hidden")]
    [InlineData("redis://:hidden@host")]
    public void Parse_SomethingElse_SaysWhereWithoutQuoting(string connectionString)
    {
        var fault = Assert.Throws<FormatException>(() => RedisOptions.Parse(connectionString));

        Assert.Contains("Redis connection string", fault.Message);
        Assert.DoesNotContain("hidden", fault.Message);
    }

    [Fact]
    public void ToString_OfOptions_HasNoPassword() => Assert.Equal("host:1", RedisOptions.Parse("host:1,password=hidden").ToString());
}
