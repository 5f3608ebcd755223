using AspireGateway.Portal.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AspireGateway.Portal.Tests.Configuration;

public sealed class StoreFaultsTests
{
    public static TheoryData<Exception, bool> Faults { get; } = new()
    {
        { new NpgsqlException("gone"), true },
        { new TimeoutException(), true },
        { new RetryLimitExceededException("three times", new NpgsqlException("gone", new TimeoutException())), true },
        { new DbUpdateException("not written", new NpgsqlException("gone")), true },
        { new InvalidOperationException("ours"), false },
        { new RetryLimitExceededException("three times", new InvalidOperationException("ours")), false },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void StoreAway_HoweverItIsWrapped_IsTold(Exception fault, bool isAway) => Assert.Equal(isAway, fault.IsStoreAway());
}
