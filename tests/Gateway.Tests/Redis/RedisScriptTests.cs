using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Tests.Redis;

public sealed class RedisScriptTests
{
    [Fact]
    public void Sha_OfAScript_IsWhatRedisComputes() =>
        // redis-cli script load "return 1"
        Assert.Equal("e0e1f9fabfc9d4800c877a703b823ac0578ff8db", Encoding.ASCII.GetString(new RedisScript("one", "return 1").Sha.Span));
}
