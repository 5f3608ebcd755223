using System.Net;
using AspireGateway.Shared.Net;

namespace AspireGateway.Gateway.Tests.Providers;

public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("93.184.216.34", true, true)]
    [InlineData("2606:4700::1111", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("10.1.2.3", false, true)]
    [InlineData("172.31.255.255", false, true)]
    [InlineData("192.168.0.1", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("fd12::1", false, true)]
    [InlineData("::ffff:10.0.0.1", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("100.100.100.200", false, false)]
    [InlineData("64:ff9b::a00:1", false, false)]
    public void Address_IsAllowedOnlyWhereAProviderMayLive(string address, bool forPublic, bool forPrivate)
    {
        Assert.Equal(forPublic, AddressGuard.Allows(IPAddress.Parse(address), allowPrivate: false));
        Assert.Equal(forPrivate, AddressGuard.Allows(IPAddress.Parse(address), allowPrivate: true));
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("[::ffff:a9fe:a9fe]", true)]
    public async Task Connect_ToForbiddenAddress_OpensNothing(string host, bool isPrivate) =>
        await Assert.ThrowsAsync<AddressForbiddenException>(
            async () => await AddressGuard.ConnectAsync(new DnsEndPoint(host, 9), isPrivate, TestContext.Current.CancellationToken));
}
